"""What happens in every story of a car: from its arrival to two signatures, and from the finished workshop out of the gate."""

import random
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tests.e2e.people.advisor import Advisor
from tests.e2e.people.customer import Customer


def brings_the_car(advisor: Advisor, picture: Path, looks: str = "") -> str:
    """Arrival, quick walkaround, one damage with its photo, shots, order, both signatures, receipt. Returns the visit's id."""
    visit = advisor.receives()
    advisor.walks_round()
    advisor.marks_damage(picture=picture)
    advisor.notes_a_belonging("儿童座椅")
    advisor.photographs(picture)
    advisor.skips_the_other_shots()
    advisor.sees(looks, "shots")
    customer = Customer(advisor)
    advisor.shows_the_customer()
    advisor.sees(looks, "sheet")
    customer.signs("接车预检表", looks)
    customer.signs("任务委托书", looks)
    advisor.takes_the_phone_back()
    expect(advisor.page.get_by_role("img", name="客户进度页二维码")).to_be_visible()
    advisor.sees(looks, "receipt")
    return visit


def fetches_the_car(advisor: Advisor, looks: str = "") -> None:
    """The workshop has finished; delivery, handover with the customer, signature, release."""
    advisor.hears_that_the_workshop_is_done()
    advisor.prepares_the_delivery()
    advisor.sees(looks, "delivery")
    advisor.hands_over(looks)
    Customer(advisor).signs("交车", looks)
    advisor.takes_the_phone_back()
    advisor.releases(looks)


def a_picture(path: Path) -> Path:
    """A photo as a phone takes it: 12 megapixels would only cost time, a few colours are enough to be no blank."""
    chance = random.Random(7)  # noqa: S311 - the same picture each time
    image = Image.new("RGB", (80, 60))
    image.putdata([(chance.randrange(256), chance.randrange(256), 90) for _ in range(80 * 60)])
    image.resize((1600, 1200)).save(path, "JPEG", quality=85)
    return path
