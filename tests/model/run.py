"""Runs one schedule in a world, looks after every step, heals everything, lets it come to rest, and looks once more."""

import asyncio
import contextlib
import shutil
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.model.look import Broken, look_at_phone, look_at_rest
from tests.model.proxy import Fault
from tests.model.schedule import Schedule, Step
from tests.model.world import STAFF, Dead, Failed, Phone, World
from webapp.foundation.ids import new_id

ROUNDS = 10


@dataclass
class Run:
    """A schedule under way."""

    world: World
    schedule: Schedule
    found: Counter[str] = field(default_factory=Counter)
    visits: list[str] = field(default_factory=list)
    step: int = 0
    restored: int = -1
    rounds: dict[tuple[int, str], int] = field(default_factory=dict)  # phone, person → step of their last round
    lost: set[str] = field(default_factory=set)  # acts and photos that the schedule itself took from a phone's storage
    people: dict[int, set[str]] = field(default_factory=dict)  # phone → who has worked on it
    revoked: set[str] = field(default_factory=set)  # devices
    backups: int = 0
    killed: set[int] = field(default_factory=set)  # phones whose dead page may still hold the lease
    poison: bool = False
    unsaid: bool = False  # a backup was restored, and nobody began a new epoch

    async def go(self) -> None:
        """Raises Broken with the invariant that does not hold."""
        await self.world.begin(self.schedule.phones)
        self.people = {n: {STAFF[n]} for n in range(self.schedule.phones)}
        for step in self.schedule.steps:
            await self._take(step)
            self.step += 1
        await self._heal()
        await look_at_rest(self)

    async def _take(self, step: Step) -> None:
        phone = self.world.phones[step["phone"]]
        if not phone.on:
            await phone.boot()
        self.found[step["do"]] += 1
        await getattr(self, "_" + step["do"])(phone, step)
        await self.look(phone)

    async def look(self, phone: Phone) -> None:
        if phone.on:
            look_at_phone(self, phone, await phone.do("state"))

    # what a person does

    async def _open(self, phone: Phone, _step: Step) -> None:
        visit = new_id()
        with contextlib.suppress(Failed):
            await phone.do("open", visit=visit, plate=f"浙Z{10000 + len(self.visits)}")
        self.visits.append(visit)

    async def _tap(self, phone: Phone, step: Step) -> None:
        for at, kind in enumerate(step["kinds"]):
            visit = self.visits[step["visit"] % len(self.visits)]
            await self._try(phone.do("tap", kind=kind, visit=visit, number=step["number"] + at))

    async def _try(self, work: Any) -> Any:
        """An order may fail because nobody is signed in; a failure without words for people is I8."""
        try:
            return await work
        except Failed as no:
            if no.facts["name"] not in ("NotSaved", "ApiError", "NoNetwork") and "nobody is signed in" not in str(no):
                raise Broken("I8", f"{no.facts}") from no
            return None

    async def _sync(self, phone: Phone, _step: Step | None = None) -> None:
        await self._try(phone.do("sync"))
        state = await phone.do("state")
        if state and state["says"]["phase"] == "idle":
            self.rounds[phone.n, state["staff"]] = self.step

    async def _pass(self, phone: Phone, step: Step) -> None:
        await phone.do("pass", ms=step["ms"])

    async def _together(self, phone: Phone, step: Step) -> None:
        await self._tap(phone, step["tap"])
        others = [one for one in self.world.phones[: self.schedule.phones] if one.on]
        await asyncio.gather(*(self._sync(one) for one in others))
        for one in others:
            await self.look(one)

    async def _other_user(self, phone: Phone, step: Step) -> None:
        """Signs out with whatever waits; somebody else signs in and works."""
        other = "E006" if STAFF[phone.n % len(STAFF)] == "E005" else "E005"
        before = (await phone.do("state") or {}).get("staff")
        if before is None:
            return
        if before == other:
            other = STAFF[phone.n % len(STAFF)]
        await phone.do("signOut")
        await self._try(phone.do("signIn", login=other))
        if not await phone.do("state"):
            return
        self.people[phone.n].add(other)
        await self._sync(phone)
        await self._tap(phone, step["tap"])
        if step["back"]:
            await phone.do("signOut")
            await self._try(phone.do("signIn", login=before))

    # what goes wrong

    async def _net(self, phone: Phone, step: Step) -> None:
        await self._tap(phone, step["tap"])
        self.world.proxy.plan[phone.n] += [Fault(**fault) for fault in step["faults"]]
        for _ in range(step["rounds"]):
            await self._sync(phone)

    async def _die(self, phone: Phone, step: Step) -> None:
        await self._tap(phone, step["tap"])
        self.world.plan(point=step["point"], do=step["what"], skip=step["skip"])
        await self._sync(phone)
        self.world.no_plan()

    async def _poison(self, phone: Phone, step: Step) -> None:
        await self._tap(phone, step["tap"])
        self.poison = True
        self.world.plan(point="act.before", what=step["command"], do="raise", stay=True)
        for _ in range(6):
            await self._sync(phone)
        self.world.no_plan()

    async def _kill(self, phone: Phone, step: Step) -> None:
        task = None
        if step["during"] == "tap":
            task = asyncio.create_task(self._tap(phone, step["tap"]))
        elif step["during"] == "sync":
            await self._tap(phone, step["tap"])
            task = asyncio.create_task(self._sync(phone))
        elif step["during"] == "waiting":
            task = await self._left_waiting(phone, step)
        await asyncio.sleep(step["after"] / 1000)
        await phone.kill()
        self.killed.add(phone.n)
        if task:
            with contextlib.suppress(Dead):
                await task
        if step["reopen"]:
            await phone.boot()

    async def _left_waiting(self, phone: Phone, step: Step) -> asyncio.Task[None]:
        """A round that waits for an answer, and holds the lease meanwhile."""
        await self._tap(phone, step["tap"])
        self.world.proxy.plan[phone.n].append(Fault("hang", "acts"))
        task, before = asyncio.create_task(self._sync(phone)), self.world.proxy.injected["hang"]
        while self.world.proxy.injected["hang"] == before and not task.done():
            await asyncio.sleep(0.005)
        return task

    async def _full(self, phone: Phone, step: Step) -> None:
        """The disk takes the writes and refuses the transaction."""
        await phone.do("full", times=1)
        await self._tap(phone, step["tap"])
        await phone.do("full", times=0)

    async def _clock(self, phone: Phone, step: Step) -> None:
        phone.clock += step["ms"]
        await phone.do("clock", ms=step["ms"])

    async def _server_clock(self, _phone: Phone, step: Step) -> None:
        self.world.set_clock(step["ms"])

    async def _deliver_late(self, _phone: Phone, _step: Step) -> None:
        await self.world.proxy.deliver_late()

    async def _back_up(self, _phone: Phone, _step: Step) -> None:
        self.backups += 1
        await self.world.back_up(f"backup-{self.backups}")

    async def _restore(self, _phone: Phone, step: Step) -> None:
        name = f"backup-{self.backups}" if self.backups and not step["first"] else "first"
        await self.world.restore(name, step["new_epoch"])
        self.unsaid = self.unsaid or not step["new_epoch"]
        self.restored = self.step

    async def _clone(self, phone: Phone, _step: Step) -> None:
        """The phone's memory is copied to a new one, and both are used."""
        twin = self.world.phones[-1]
        if twin.on or twin.n < self.schedule.phones:
            return
        await phone.do("off")
        shutil.copy(phone.disk, twin.disk) if phone.disk.exists() else None
        twin.base, twin.clock = phone.base, phone.clock
        await phone.boot()
        await twin.boot()
        self.people[twin.n] = set(self.people[phone.n])
        visit = self.visits[0]
        for one in (twin, phone):
            await self._try(one.do("tap", kind="mark", visit=visit, number=one.n))
            await self._sync(one)

    async def _revoke(self, phone: Phone, _step: Step) -> None:
        state = await phone.do("state")
        if state:
            self.revoked.add(state["device"])
            self.world.sql("UPDATE device SET revoked_at = enrolled_at WHERE id = :id", id=state["device"])
            await self._sync(phone)

    async def _expire(self, phone: Phone, _step: Step) -> None:
        state = await phone.do("state")
        if state:
            self.world.sql("UPDATE device SET token_until = enrolled_at WHERE id = :id", id=state["device"])
            await self._sync(phone)

    async def _damage(self, phone: Phone, step: Step) -> None:
        gone = await self._try(phone.do("damage", number=step["number"]))
        if gone:
            self.lost |= {gone["id"], gone["photo"]}

    # afterwards

    async def _heal(self) -> None:
        """The road is mended, late requests arrive, everybody signs in who must, and rounds go on until nothing moves."""
        self.world.proxy.heal()
        self.world.no_plan()
        await self.world.order("start")
        await self.world.proxy.deliver_late()
        used = [phone for phone in self.world.phones if phone.n in self.people]
        for phone in used:
            if not phone.on:
                await phone.boot()
            if phone.n in self.killed:
                await phone.do("pass", ms=61_000)
            await self._others_first(phone)
        await self._rest(used)
        shared = [phone for phone in used if len(self.people[phone.n]) > 1]
        if shared and self.restored >= 0:  # what came too early is said again when its owner comes by the next time
            for phone in shared:
                await self._others_first(phone)
            await self._rest(used)

    async def _rest(self, used: list[Phone]) -> None:
        before = None
        for _ in range(ROUNDS):
            states = [await self._round(phone) for phone in used]
            for phone in used:
                await self.look(phone)
            now = self.world.sql("SELECT n, head FROM store_counter")
            if before == now and all(self._rests(state) for state in states):
                return
            before = now
        raise Broken("rest", f"no rest after {ROUNDS} rounds: {[state and state['says'] for state in states]}")

    def _rests(self, state: dict[str, Any]) -> bool:
        return state["says"]["synced"] or state["device"] in self.revoked

    async def _others_first(self, phone: Phone) -> None:
        """Whoever else has work on this phone signs in and sends it; whose phone it is comes last."""
        owner = STAFF[phone.n % len(STAFF)] if phone.n < len(STAFF) else None
        people = sorted(self.people[phone.n], key=lambda login: login == (owner or max(self.people[phone.n])))
        if len(people) == 1 and await phone.do("state"):
            return
        for login in people:
            if await phone.do("state"):
                await phone.do("signOut")
            await phone.do("signIn", login=login)
            for _ in range(ROUNDS):
                state = await self._round(phone)
                if self._rests(state):
                    break
            else:
                raise Broken("rest", f"{login} on phone {phone.n}: {state['says']}")
            await self.look(phone)

    async def _round(self, phone: Phone) -> dict[str, Any]:
        """One round; when something holds it up (a lease of a dead page, the server's wish), after a minute once more."""
        await self._sync(phone)
        state = await phone.do("state")
        if state["says"]["phase"] != "paused" and not self._rests(state):
            await phone.do("pass", ms=61_000)
            await self._sync(phone)
            state = await phone.do("state")
        if state["says"]["phase"] == "paused":
            await phone.do("signIn", login=state["staff"])
            await self._sync(phone)
            state = await phone.do("state")
        return dict(state)
