"""Ceiling: aiohttp and nothing else, over the same number of connections; no safety. Argument: a job as JSON."""

import asyncio
import csv
import json
import sys

import aiohttp


async def main() -> None:
    job = json.loads(sys.argv[1])
    headers = {"Authorization": f"Bearer {job['key']}"}
    with open(job["file"], newline="", encoding="utf-8") as stream:
        rows = iter(list(csv.DictReader(stream)))
    made = []
    connector = aiohttp.TCPConnector(limit=job["connections"])
    async with aiohttp.ClientSession(headers=headers, connector=connector) as session:

        async def work() -> None:
            for row in rows:
                async with session.post(job["url"], json=row, raise_for_status=True) as answer:
                    made.append((await answer.json())["data"]["requirement_group_id"])

        await asyncio.gather(*(work() for _ in range(job["connections"])))
    print(len(made))


asyncio.run(main())
