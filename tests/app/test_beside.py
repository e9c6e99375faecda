"""What runs beside a process's requests does not end unnoticed."""

import asyncio
import json

from app.beside import again, beside


def test_what_breaks_beside_the_requests_begins_again(capsys):
    begun = []

    async def breaking():
        begun.append(len(begun))
        if len(begun) < 3:
            raise KeyError("a customer's name")
        done.set()
        await asyncio.Event().wait()

    async def live():
        async with beside([again("relay", breaking, pause_s=0)]):
            await asyncio.wait_for(done.wait(), 60)

    done = asyncio.Event()
    asyncio.run(live())
    assert begun == [0, 1, 2]
    logged = [json.loads(line) for line in "".join(capsys.readouterr()).splitlines()]
    assert [(each["event"], each["work"], each["kind"]) for each in logged] == [("work broke", "relay", "KeyError")] * 2
