"""Drawn pictures for the demonstration: one shape a trade, coloured by company. No photograph, nothing to license."""

import io
import math
from collections.abc import Callable
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Pen = ImageDraw.ImageDraw
# Drawn at twice the size, then reduced: edges come out smooth.
WIDTH, HEIGHT, SCALE = 800, 600, 2
# (body, accent, wall)
PALETTES: list[tuple[Colour, Colour, Colour]] = [
    ((28, 84, 140), (220, 120, 60), (233, 240, 247)),
    ((34, 104, 84), (236, 190, 80), (234, 243, 238)),
    ((150, 60, 52), (70, 96, 120), (247, 238, 234)),
    ((70, 78, 92), (236, 150, 60), (240, 240, 236)),
    ((92, 70, 132), (110, 176, 170), (241, 238, 247)),
    ((198, 136, 44), (52, 84, 104), (249, 243, 230)),
]
STEEL, DARK, GLASS, WHITE = (188, 196, 204), (42, 50, 60), (176, 212, 228), (250, 250, 248)


def _shade(colour: Colour, factor: float) -> Colour:
    """A darker (below 1) or lighter (above 1) tone of a colour."""
    if factor <= 1:
        return tuple(round(c * factor) for c in colour)  # type: ignore[return-value]
    return tuple(round(c + (255 - c) * (factor - 1)) for c in colour)  # type: ignore[return-value]


@lru_cache(maxsize=len(PALETTES))
def _room(palette: int) -> Image.Image:
    """The wall, the floor and a soft shadow where the thing stands."""
    wall = PALETTES[palette][2]
    width, height = WIDTH * SCALE, HEIGHT * SCALE
    column = Image.new("RGB", (1, height))
    for y in range(height):
        lighter = 1 + 0.55 * (1 - y / (height * 0.72)) if y < height * 0.72 else 0.93
        column.putpixel((0, y), _shade(wall, max(min(lighter, 1.6), 0.9)))
    room = column.resize((width, height))
    shadow = Image.new("L", (width // 4, height // 4), 0)
    ImageDraw.Draw(shadow).ellipse((70, 218, 330, 266), fill=90)
    shadow = shadow.filter(ImageFilter.GaussianBlur(12)).resize((width, height))
    room.paste(Image.new("RGB", (width, height), _shade(wall, 0.35)), mask=shadow)
    return room


def _box(pen: Pen, x: int, y: int, w: int, h: int, colour: Colour, radius: int = 24) -> None:
    """A body with a lit upper edge and a dark lower one."""
    pen.rounded_rectangle((x, y, x + w, y + h), radius, fill=colour)
    pen.rounded_rectangle((x, y, x + w, y + min(h, 26)), min(radius, 13), fill=_shade(colour, 1.25))
    pen.rounded_rectangle((x, y + h - 22, x + w, y + h), min(radius, 11), fill=_shade(colour, 0.78))


def _wheel(pen: Pen, x: int, y: int, r: int, hub: Colour = STEEL) -> None:
    pen.ellipse((x - r, y - r, x + r, y + r), fill=DARK)
    pen.ellipse((x - r * 0.55, y - r * 0.55, x + r * 0.55, y + r * 0.55), fill=hub)
    pen.ellipse((x - r * 0.18, y - r * 0.18, x + r * 0.18, y + r * 0.18), fill=_shade(hub, 0.6))


def _gear(pen: Pen, x: int, y: int, r: int, teeth: int, colour: Colour) -> None:
    for tooth in range(teeth):
        angle = 2 * math.pi * tooth / teeth
        cx, cy = x + r * math.cos(angle), y + r * math.sin(angle)
        size = r * 2.1 / teeth
        pen.ellipse((cx - size, cy - size, cx + size, cy + size), fill=colour)
    pen.ellipse((x - r, y - r, x + r, y + r), fill=colour)
    pen.ellipse((x - r * 0.72, y - r * 0.72, x + r * 0.72, y + r * 0.72), fill=_shade(colour, 1.22))
    pen.ellipse((x - r * 0.28, y - r * 0.28, x + r * 0.28, y + r * 0.28), fill=DARK)


def machine(pen: Pen, body: Colour, accent: Colour) -> None:
    _box(pen, 380, 330, 840, 610, body)
    pen.rounded_rectangle((460, 420, 900, 760), 18, fill=DARK)
    pen.rounded_rectangle((480, 440, 880, 740), 12, fill=GLASS)
    pen.rectangle((640, 440, 720, 560), fill=STEEL)
    pen.polygon([(650, 560), (710, 560), (680, 640)], fill=_shade(STEEL, 0.7))
    _box(pen, 560, 650, 240, 60, accent, 8)
    pen.rounded_rectangle((980, 430, 1150, 600), 12, fill=WHITE)
    for row in range(3):
        pen.rectangle((1000, 460 + row * 40, 1130 - row * 30, 478 + row * 40), fill=accent if row == 1 else STEEL)
    pen.ellipse((1035, 660, 1095, 720), fill=(196, 52, 44))
    pen.rectangle((420, 940, 520, 980), fill=DARK)
    pen.rectangle((1080, 940, 1180, 980), fill=DARK)


def robot(pen: Pen, body: Colour, accent: Colour) -> None:
    _box(pen, 600, 860, 400, 110, DARK)
    _box(pen, 690, 720, 220, 150, body)
    pen.line((800, 740, 620, 470), fill=body, width=110)
    pen.line((620, 470, 960, 350), fill=accent, width=90)
    pen.line((960, 350, 1080, 520), fill=body, width=64)
    for x, y, r in ((800, 740, 80), (620, 470, 74), (960, 350, 60)):
        pen.ellipse((x - r, y - r, x + r, y + r), fill=_shade(body, 0.8))
        pen.ellipse((x - r // 2, y - r // 2, x + r // 2, y + r // 2), fill=STEEL)
    pen.polygon([(1040, 520), (1120, 520), (1150, 620), (1110, 630), (1080, 560), (1060, 630), (1015, 620)], fill=DARK)


def seeder(pen: Pen, body: Colour, accent: Colour) -> None:
    pen.polygon([(380, 360), (1220, 360), (1120, 600), (480, 600)], fill=body)
    pen.polygon([(380, 360), (1220, 360), (1200, 408), (400, 408)], fill=_shade(body, 1.25))
    pen.rectangle((340, 640, 1260, 700), fill=_shade(accent, 0.9))
    for x in range(420, 1260, 130):
        pen.line((x, 600, x, 700), fill=DARK, width=22)
        pen.line((x, 700, x - 40, 850), fill=STEEL, width=20)
        pen.ellipse((x - 110, 800, x + 30, 940), outline=DARK, width=22)
    _wheel(pen, 330, 840, 120, accent)
    _wheel(pen, 1280, 840, 120, accent)


def boat(pen: Pen, body: Colour, accent: Colour) -> None:
    pen.polygon([(220, 690), (1380, 690), (1180, 930), (400, 930)], fill=body)
    pen.polygon([(220, 690), (1380, 690), (1350, 728), (252, 728)], fill=WHITE)
    pen.polygon([(352, 872), (1230, 872), (1180, 930), (400, 930)], fill=_shade(accent, 0.85))
    pen.polygon([(500, 690), (560, 500), (1000, 500), (1100, 690)], fill=WHITE)
    for x in range(590, 1000, 110):
        pen.rounded_rectangle((x, 540, x + 80, 620), 10, fill=GLASS)
    pen.line((760, 500, 760, 330), fill=DARK, width=16)
    pen.polygon([(768, 336), (900, 376), (768, 416)], fill=accent)
    for x in range(160, 1500, 160):
        pen.arc((x, 915, x + 170, 985), 180, 360, fill=(120, 168, 196), width=12)


def monitor(pen: Pen, body: Colour, accent: Colour) -> None:
    _box(pen, 430, 290, 740, 520, WHITE)
    pen.rounded_rectangle((480, 350, 1120, 690), 16, fill=(20, 36, 48))
    line = [(490, 540), (620, 540), (660, 440), (710, 640), (750, 500), (780, 540), (900, 540), (940, 420), (990, 650)]
    pen.line([*line, (1030, 540), (1110, 540)], fill=(96, 214, 160), width=12, joint="curve")
    for index, colour in enumerate((accent, body, STEEL)):
        pen.ellipse((500 + index * 90, 720, 560 + index * 90, 780), fill=colour)
    pen.rounded_rectangle((960, 724, 1110, 776), 12, fill=body)
    pen.rectangle((760, 810, 840, 900), fill=STEEL)
    _box(pen, 600, 890, 400, 60, body, 20)


def sensor(pen: Pen, body: Colour, accent: Colour) -> None:
    pen.line([(1010, 640), (1180, 650), (1260, 780), (1180, 900), (900, 930)], fill=DARK, width=30, joint="curve")
    _box(pen, 400, 520, 460, 240, STEEL, 30)
    pen.rectangle((500, 520, 640, 760), fill=body)
    pen.rectangle((500, 520, 640, 548), fill=_shade(body, 1.3))
    _box(pen, 850, 570, 180, 140, DARK, 20)
    pen.ellipse((340, 520, 470, 760), fill=_shade(STEEL, 0.82))
    pen.ellipse((370, 575, 440, 705), fill=GLASS)
    pen.ellipse((700, 600, 760, 660), fill=accent)
    for radius in (150, 230, 310):
        pen.arc((400 - radius, 640 - radius, 400 + radius, 640 + radius), 150, 210, fill=accent, width=14)


def pump(pen: Pen, body: Colour, accent: Colour) -> None:
    _box(pen, 330, 850, 940, 80, DARK, 10)
    _box(pen, 760, 560, 450, 260, accent, 40)
    for x in range(800, 1190, 60):
        pen.rectangle((x, 590, x + 20, 800), fill=_shade(accent, 0.8))
    pen.ellipse((360, 470, 760, 870), fill=body)
    pen.ellipse((420, 530, 700, 810), fill=_shade(body, 1.2))
    pen.ellipse((510, 620, 610, 720), fill=DARK)
    _box(pen, 490, 330, 140, 190, body, 12)
    _box(pen, 460, 300, 200, 50, STEEL, 10)
    _box(pen, 250, 620, 140, 100, body, 10)
    _box(pen, 225, 590, 50, 160, STEEL, 10)


def rail(pen: Pen, body: Colour, accent: Colour) -> None:
    pen.rectangle((180, 930, 1420, 960), fill=STEEL)
    for x in range(210, 1420, 140):
        pen.rectangle((x, 960, x + 70, 1000), fill=(110, 90, 72))
    _box(pen, 300, 560, 1000, 140, body)
    pen.polygon(
        [(420, 700), (560, 700), (640, 820), (960, 820), (1040, 700), (1180, 700), (1060, 880), (540, 880)],
        fill=_shade(body, 0.8),
    )
    _wheel(pen, 480, 800, 130, accent)
    _wheel(pen, 1120, 800, 130, accent)
    for x in (660, 800, 940):
        pen.line((x, 700, x, 820), fill=STEEL, width=30)
        for y in range(705, 815, 26):
            pen.line((x - 34, y, x + 34, y + 14), fill=DARK, width=10)


def trailer(pen: Pen, body: Colour, accent: Colour) -> None:
    _box(pen, 300, 340, 900, 420, body, 16)
    for x in range(380, 1180, 130):
        pen.rectangle((x, 380, x + 12, 730), fill=_shade(body, 0.82))
    pen.rectangle((300, 560, 1200, 600), fill=accent)
    pen.rectangle((260, 760, 1380, 800), fill=DARK)
    pen.line((1200, 780, 1440, 860), fill=DARK, width=26)
    _wheel(pen, 620, 860, 95)
    _wheel(pen, 840, 860, 95)


def solar(pen: Pen, body: Colour, accent: Colour) -> None:
    pen.polygon([(420, 360), (1300, 360), (1140, 820), (260, 820)], fill=WHITE)
    pen.polygon([(438, 378), (1276, 378), (1126, 802), (286, 802)], fill=(28, 52, 96))
    for step in range(1, 6):
        share = step / 6
        pen.line((438 + 838 * share, 378, 286 + 840 * share, 802), fill=(110, 150, 200), width=6)
    for step in range(1, 4):
        share = step / 4
        pen.line(
            (438 - 152 * share, 378 + 424 * share, 1276 - 150 * share, 378 + 424 * share), fill=(110, 150, 200), width=6
        )
    pen.line((700, 820, 700, 950), fill=STEEL, width=30)
    pen.line((1000, 820, 1100, 950), fill=STEEL, width=30)
    pen.ellipse((1230, 130, 1390, 290), fill=(246, 200, 84))


def satellite(pen: Pen, body: Colour, accent: Colour) -> None:
    for x in (220, 1050):
        pen.rectangle((x, 480, x + 330, 720), fill=(30, 58, 108))
        for step in range(1, 4):
            pen.line((x + 82 * step, 480, x + 82 * step, 720), fill=(120, 160, 210), width=6)
        pen.line((x, 600, x + 330, 600), fill=(120, 160, 210), width=6)
    pen.rectangle((550, 585, 1050, 615), fill=STEEL)
    _box(pen, 650, 420, 300, 360, accent, 16)
    pen.ellipse((690, 700, 910, 820), fill=WHITE)
    pen.line((800, 760, 800, 880), fill=DARK, width=12)
    pen.ellipse((780, 870, 820, 910), fill=body)
    _box(pen, 720, 480, 160, 90, body, 10)


def gears(pen: Pen, body: Colour, accent: Colour) -> None:
    _gear(pen, 640, 640, 230, 18, STEEL)
    _gear(pen, 1010, 470, 150, 12, body)
    _gear(pen, 1020, 810, 120, 10, accent)


def turned(pen: Pen, body: Colour, accent: Colour) -> None:
    for index, (x, length, thick) in enumerate(((330, 620, 120), (430, 760, 90), (560, 500, 150))):
        y = 400 + index * 200
        _box(pen, x, y, length, thick, STEEL, 20)
        pen.rectangle((x + length * 0.3, y - 22, x + length * 0.42, y + thick + 22), fill=_shade(STEEL, 0.8))
        pen.rectangle((x + length * 0.7, y, x + length * 0.95, y + thick), fill=accent if index == 1 else body)
        for groove in range(6):
            gx = x + length * 0.72 + groove * length * 0.036
            pen.line((gx, y, gx, y + thick), fill=_shade(STEEL, 0.6), width=6)


def wood(pen: Pen, body: Colour, accent: Colour) -> None:
    timber = (196, 152, 98)
    for row in range(4):
        for column in range(3 + row % 2):
            x, y = 360 + column * 300 - (row % 2) * 110, 480 + row * 115
            _box(pen, x, y, 285, 105, _shade(timber, 0.9 + 0.08 * ((row + column) % 3)), 8)
            pen.ellipse((x + 20, y + 25, x + 80, y + 85), outline=_shade(timber, 0.6), width=6)
            pen.ellipse((x + 38, y + 43, x + 62, y + 67), outline=_shade(timber, 0.6), width=5)
    pen.rectangle((640, 460, 670, 950), fill=accent)
    pen.rectangle((980, 460, 1010, 950), fill=accent)


def oven(pen: Pen, body: Colour, accent: Colour) -> None:
    _box(pen, 460, 260, 680, 680, STEEL)
    for row in range(3):
        y = 330 + row * 190
        pen.rounded_rectangle((510, y, 960, y + 150), 14, fill=DARK)
        pen.rounded_rectangle((530, y + 18, 940, y + 132), 10, fill=(250, 190, 110) if row != 1 else (240, 160, 80))
        pen.rectangle((560, y + 80, 910, y + 100), fill=_shade(accent, 0.7))
        pen.ellipse((1010, y + 20, 1080, y + 90), fill=body)
        pen.rectangle((990, y + 110, 1100, y + 130), fill=accent)


def roll(pen: Pen, body: Colour, accent: Colour) -> None:
    for index, colour in enumerate((body, accent, _shade(body, 1.35))):
        y = 780 - index * 170
        x = 380 + index * 60
        pen.rectangle((x, y, x + 720, y + 160), fill=colour)
        pen.rectangle((x, y, x + 720, y + 40), fill=_shade(colour, 1.2))
        pen.ellipse((x + 660, y, x + 780, y + 160), fill=_shade(colour, 0.8))
        pen.ellipse((x + 695, y + 46, x + 745, y + 114), fill=WHITE)
        pen.ellipse((x - 60, y, x + 60, y + 160), fill=colour)


def barrel(pen: Pen, body: Colour, accent: Colour) -> None:
    for x, height in ((400, 520), (740, 620), (1060, 460)):
        top = 930 - height
        pen.rounded_rectangle((x, top, x + 240, 930), 60, fill=body if x != 740 else accent)
        pen.rounded_rectangle((x, top, x + 70, 930), 40, fill=_shade(body if x != 740 else accent, 1.25))
        _box(pen, x + 70, top - 60, 100, 80, DARK, 14)
        pen.rounded_rectangle((x + 30, top + height * 0.35, x + 210, top + height * 0.7), 10, fill=WHITE)
        pen.rectangle((x + 55, top + height * 0.45, x + 185, top + height * 0.45 + 12), fill=accent)
        pen.rectangle((x + 55, top + height * 0.55, x + 150, top + height * 0.55 + 12), fill=STEEL)


def conveyor(pen: Pen, body: Colour, accent: Colour) -> None:
    for x in (360, 1180):
        pen.line((x, 740, x - 60, 950), fill=STEEL, width=26)
        pen.line((x, 740, x + 60, 950), fill=STEEL, width=26)
    pen.rounded_rectangle((250, 660, 1350, 780), 60, fill=DARK)
    for x in range(320, 1330, 110):
        pen.ellipse((x - 30, 690, x + 30, 750), fill=STEEL)
    for x, size, colour in ((380, 190, body), (700, 240, accent), (1060, 150, body)):
        _box(pen, x, 660 - size, size, size, _shade(colour, 1.1), 8)
        pen.rectangle((x + size * 0.42, 660 - size, x + size * 0.58, 660), fill=_shade(colour, 0.85))


def saw(pen: Pen, body: Colour, accent: Colour) -> None:
    points = []
    for tooth in range(28):
        for radius, shift in ((330, 0), (382, 0.12)):
            angle = 2 * math.pi * (tooth + shift * 3) / 28
            points.append((800 + radius * math.cos(angle), 590 + radius * math.sin(angle)))
    pen.polygon(points, fill=STEEL)
    pen.ellipse((560, 350, 1040, 830), fill=_shade(STEEL, 1.25))
    pen.ellipse((710, 500, 890, 680), fill=body)
    pen.ellipse((770, 560, 830, 620), fill=DARK)
    _box(pen, 340, 880, 920, 80, accent, 12)


def implant(pen: Pen, body: Colour, accent: Colour) -> None:
    pen.line([(620, 330), (690, 560), (660, 900)], fill=STEEL, width=96, joint="curve")
    pen.line([(600, 350), (560, 300)], fill=STEEL, width=80)
    pen.ellipse((450, 200, 650, 400), fill=_shade(STEEL, 1.35))
    pen.arc((400, 150, 700, 450), 170, 350, fill=body, width=44)
    _box(pen, 880, 420, 340, 430, WHITE, 30)
    pen.rectangle((1020, 500, 1080, 700), fill=accent)
    pen.rectangle((950, 570, 1150, 630), fill=accent)
    pen.rectangle((930, 760, 1170, 784), fill=body)


def turbine(pen: Pen, body: Colour, accent: Colour) -> None:
    pen.line((800, 600, 800, 960), fill=_shade(STEEL, 0.85), width=60)
    for blade in range(3):
        angle = 2 * math.pi * blade / 3 - math.pi / 2
        tip = (800 + 360 * math.cos(angle), 560 + 360 * math.sin(angle))
        left = (800 + 90 * math.cos(angle + 1.1), 560 + 90 * math.sin(angle + 1.1))
        right = (800 + 90 * math.cos(angle - 0.6), 560 + 90 * math.sin(angle - 0.6))
        middle = (800 + 240 * math.cos(angle + 0.28), 560 + 240 * math.sin(angle + 0.28))
        pen.polygon([left, middle, tip, right], fill=body)
    pen.ellipse((715, 475, 885, 645), fill=accent)
    pen.ellipse((765, 525, 835, 595), fill=WHITE)
    for x in range(220, 1400, 170):
        pen.arc((x, 880, x + 180, 960), 180, 360, fill=(110, 164, 196), width=12)


def instrument(pen: Pen, body: Colour, accent: Colour) -> None:
    _box(pen, 480, 880, 640, 70, DARK, 20)
    pen.rounded_rectangle((980, 380, 1080, 900), 40, fill=body)
    pen.line((1030, 420, 740, 420), fill=body, width=100)
    _box(pen, 640, 340, 180, 330, STEEL, 30)
    pen.polygon([(670, 670), (790, 670), (760, 760), (700, 760)], fill=_shade(STEEL, 0.7))
    pen.rectangle((665, 270, 795, 350), fill=accent)
    _box(pen, 580, 800, 300, 40, GLASS, 10)
    pen.ellipse((1000, 560, 1060, 620), fill=STEEL)


def screen(pen: Pen, body: Colour, accent: Colour) -> None:
    _box(pen, 360, 270, 880, 560, DARK)
    pen.rectangle((400, 310, 1200, 790), fill=(236, 242, 248))
    _gear(pen, 600, 540, 110, 12, body)
    pen.line([(780, 700), (860, 610), (940, 650), (1040, 500), (1140, 450)], fill=accent, width=16, joint="curve")
    for index in range(4):
        pen.rectangle((800 + index * 90, 720 - 30 * index, 850 + index * 90, 770), fill=_shade(body, 1.3))
    pen.rectangle((440, 340, 760, 366), fill=body)
    pen.rectangle((740, 830, 860, 900), fill=STEEL)
    _box(pen, 600, 890, 400, 50, STEEL, 16)


def irrigation(pen: Pen, body: Colour, accent: Colour) -> None:
    pen.rectangle((180, 900, 1420, 960), fill=(122, 96, 70))
    for x in range(240, 1400, 120):
        pen.line((x, 900, x, 830), fill=(74, 132, 80), width=16)
        pen.ellipse((x - 50, 790, x, 850), fill=(96, 160, 96))
        pen.ellipse((x, 770, x + 54, 836), fill=(86, 148, 88))
    pen.rectangle((780, 480, 820, 900), fill=STEEL)
    _box(pen, 730, 400, 140, 100, body, 20)
    for side in (-1, 1):
        for reach in range(1, 7):
            x, y = 800 + side * reach * 85, 420 - 30 * reach + 9 * reach * reach
            pen.ellipse((x - 18, y - 24, x + 18, y + 24), fill=(110, 176, 220))


def battery(pen: Pen, body: Colour, accent: Colour) -> None:
    _box(pen, 420, 400, 760, 500, body)
    pen.rectangle((520, 340, 640, 400), fill=STEEL)
    pen.rectangle((960, 340, 1080, 400), fill=(196, 60, 52))
    for index in range(4):
        pen.rounded_rectangle(
            (480 + index * 165, 480, 610 + index * 165, 720), 14, fill=accent if index < 3 else _shade(body, 1.3)
        )
    pen.polygon([(820, 740), (740, 830), (800, 830), (780, 890), (870, 800), (810, 800)], fill=(250, 214, 96))


def tools(pen: Pen, body: Colour, accent: Colour) -> None:
    _box(pen, 400, 560, 800, 360, body)
    pen.arc((640, 430, 960, 700), 180, 360, fill=DARK, width=40)
    pen.rectangle((400, 680, 1200, 716), fill=_shade(body, 0.7))
    _box(pen, 740, 650, 120, 100, accent, 10)
    pen.line((1010, 560, 1150, 330), fill=STEEL, width=46)
    pen.ellipse((1090, 250, 1230, 390), outline=STEEL, width=44)
    pen.line((560, 560, 460, 320), fill=accent, width=52)
    pen.line((460, 320, 440, 270), fill=STEEL, width=24)


def lesson(pen: Pen, body: Colour, accent: Colour) -> None:
    _box(pen, 380, 280, 840, 470, WHITE)
    pen.rounded_rectangle((410, 310, 1190, 720), 12, fill=_shade(body, 0.9))
    pen.line([(470, 640), (620, 540), (740, 580), (900, 430), (1110, 380)], fill=WHITE, width=14, joint="curve")
    _gear(pen, 560, 430, 66, 10, accent)
    pen.rectangle((780, 750, 820, 840), fill=STEEL)
    for x in (470, 720, 970):
        pen.ellipse((x, 820, x + 110, 930), fill=accent)
        pen.rounded_rectangle((x - 40, 920, x + 150, 1000), 40, fill=_shade(accent, 0.8))


DRAWINGS: dict[str, Callable[[Pen, Colour, Colour], None]] = {
    function.__name__: function
    for function in (
        machine, robot, seeder, boat, monitor, sensor, pump, rail, trailer, solar, satellite, gears, turned, wood, oven,
        roll, barrel, conveyor, saw, implant, turbine, instrument, screen, irrigation, battery, tools, lesson,
    )
}  # fmt: skip


def draw(name: str, palette: int) -> tuple[bytes, bytes]:
    """A drawing as WebP: (800 × 600, 480 × 360), about ten kilobytes together."""
    body, accent, _wall = PALETTES[palette % len(PALETTES)]
    picture = _room(palette % len(PALETTES)).copy()
    DRAWINGS[name](ImageDraw.Draw(picture), body, accent)
    large = picture.reduce(SCALE)
    return _webp(large), _webp(large.resize((480, 360), Image.Resampling.BILINEAR))


def _webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=78, method=0)
    return out.getvalue()
