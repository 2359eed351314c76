"""The partitioned index of the search and its vocabulary."""

from django.db import migrations

FORWARD = """
CREATE TABLE showroom_searchentry (
    tier smallint NOT NULL CHECK (tier BETWEEN 1 AND 3),
    kind varchar(8) NOT NULL CHECK (kind IN ('product', 'service', 'company')),
    subject_id bigint NOT NULL,
    shop_id bigint NOT NULL REFERENCES showroom_shop (id) ON DELETE CASCADE,
    quality smallint NOT NULL,
    verticals varchar(50)[] NOT NULL,
    conditions varchar(8)[] NOT NULL,
    certifications varchar(20)[] NOT NULL,
    region_id varchar(3) NOT NULL,
    price numeric(12, 2),
    published_at timestamptz NOT NULL,
    document tsvector NOT NULL,
    words text[] NOT NULL,
    PRIMARY KEY (tier, kind, subject_id)
) PARTITION BY LIST (tier);
CREATE TABLE showroom_searchentry_1 PARTITION OF showroom_searchentry FOR VALUES IN (1);
CREATE TABLE showroom_searchentry_2 PARTITION OF showroom_searchentry FOR VALUES IN (2);
CREATE TABLE showroom_searchentry_3 PARTITION OF showroom_searchentry FOR VALUES IN (3);
-- A parallel scan would mix the tiers: candidates must come from the best one first.
ALTER TABLE showroom_searchentry_1 SET (parallel_workers = 0);
ALTER TABLE showroom_searchentry_2 SET (parallel_workers = 0);
ALTER TABLE showroom_searchentry_3 SET (parallel_workers = 0);
CREATE INDEX searchentry_document ON showroom_searchentry USING gin (document);
CREATE INDEX searchentry_verticals ON showroom_searchentry USING gin (verticals);
CREATE INDEX searchentry_certifications ON showroom_searchentry USING gin (certifications);
CREATE INDEX searchentry_region ON showroom_searchentry (region_id);
CREATE INDEX searchentry_shop ON showroom_searchentry (shop_id);
CREATE INDEX searchentry_subject ON showroom_searchentry (kind, subject_id);
CREATE TABLE showroom_searchword (
    word varchar(40) PRIMARY KEY,
    entries integer NOT NULL CHECK (entries >= 0)
);
CREATE INDEX searchword_prefix ON showroom_searchword (word text_pattern_ops);
CREATE INDEX searchword_trigram ON showroom_searchword USING gist (word gist_trgm_ops);
"""
BACKWARD = "DROP TABLE showroom_searchentry; DROP TABLE showroom_searchword;"


class Migration(migrations.Migration):
    dependencies = [("showroom", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS fuzzystrmatch", migrations.RunSQL.noop),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
