"""Nothing lost, nothing doubled: seeded schedules of faults against the real phone modules and the real server.

`schedule.py` draws what happens from one number; `run.py` lets it happen in a `world.py` of Node processes (`phone.mjs`, their
disk in `disk.mjs`), the forked server (`house.py`) and a road that breaks (`proxy.py`); `look.py` holds it against I1 to I8
of the plan and recomputes the chain; `sabotage.py` takes safeguards out to see that this is noticed.

    python -m tests.model.replay SEED --steps         one schedule again
    python -m tests.model.replay SEED --cut           and the shortest part of it that still fails
    python -m bench faults --schedules 100000         a night of them

Why a seeded scheduler and not Hypothesis' RuleBasedStateMachine: what happens here is a race of real processes, killed and
restarted for real. Hypothesis runs a failing example again and rejects it as flaky when it does not fail each time, which is
when the finding is worth most; its seed names a whole run of examples, ours one schedule, so that two workers can share the
numbers and one command brings one back. Cutting a schedule down takes twenty lines, and tries a part more than once.
"""
