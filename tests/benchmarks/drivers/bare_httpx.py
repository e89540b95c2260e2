"""Ceiling: httpx and nothing else, over the same number of connections; no safety. Argument: a job as JSON."""

import asyncio
import csv
import json
import sys

import httpx


async def main() -> None:
    job = json.loads(sys.argv[1])
    limits = httpx.Limits(max_connections=job["connections"], max_keepalive_connections=job["connections"])
    headers = {"Authorization": f"Bearer {job['key']}"}
    with open(job["file"], newline="", encoding="utf-8") as stream:
        rows = iter(list(csv.DictReader(stream)))
    made = []
    async with httpx.AsyncClient(headers=headers, limits=limits, timeout=30, trust_env=False) as client:

        async def work() -> None:
            for row in rows:
                answer = await client.post(job["url"], json=row)
                made.append(answer.raise_for_status().json()["data"]["requirement_group_id"])

        await asyncio.gather(*(work() for _ in range(job["connections"])))
    print(len(made))


asyncio.run(main())
