from django import template

register = template.Library()


@register.filter
def duration(seconds: int, sign: str = "") -> str:
    """Seconds in words that hide none: "1 h 30", "45 min", "12 min 20 s"; "signed" says + or −."""
    size = abs(seconds)
    hours, rest = divmod(size, 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        text = f"{hours} h {minutes:02d}" + (f" min {left:02d} s" if left else "")
    elif left:
        text = f"{minutes} min {left:02d} s"
    else:
        text = f"{minutes} min"
    mark = ("+" if seconds > 0 else "−" if seconds < 0 else "") if sign == "signed" else ""
    return f"{mark}{text}"


@register.filter
def hours(minutes: int) -> str:
    """Minutes in words: "33 h 45"."""
    return duration(minutes * 60)
