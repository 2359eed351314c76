from pavillon.core.personal_data import holds_no_personal_data
from pavillon.website.models import ArticleIndexPage, ArticlePage, NationalPage, RegionIndexPage, RegionPage

# Names on a page come from `accounts` at each request; nothing about people is stored here.
holds_no_personal_data(ArticleIndexPage, ArticlePage, NationalPage, RegionIndexPage, RegionPage)
