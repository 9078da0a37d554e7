"""A chat back end in FastAPI that streams its answers. See README.md."""

import asyncio
import json
import os
import re
from pathlib import Path
from typing import AsyncIterator, List

from fastapi import FastAPI
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import BaseModel

app = FastAPI()
HERE = Path(__file__).parent
MODEL = os.environ.get("OPENAI_MODEL", "gpt-4.1-mini")


class Message(BaseModel):
    role: str
    content: str


class Question(BaseModel):
    """What `<stream-chat>` posts: the conversation, or with `protocol="prompt"` the question alone."""

    messages: List[Message] = []
    prompt: str = ""

    def conversation(self) -> List[dict]:
        if not self.messages:
            return [{"role": "user", "content": self.prompt}]
        return [{"role": m.role, "content": m.content} for m in self.messages]


# --- The model -------------------------------------------------------------------------------------------------


async def generate(messages: List[dict]) -> AsyncIterator[str]:
    """Yields the answer token by token: OpenAI's where there is a key, else a simulated one."""
    if not os.environ.get("OPENAI_API_KEY"):
        async for token in simulate(messages):
            yield token
        return

    from openai import AsyncOpenAI  # pip install openai

    async with AsyncOpenAI() as client:
        stream = await client.chat.completions.create(model=MODEL, messages=messages, stream=True)
        async for chunk in stream:
            if chunk.choices and chunk.choices[0].delta.content:
                yield chunk.choices[0].delta.content


async def simulate(messages: List[dict]) -> AsyncIterator[str]:
    answer = f"""You asked: {messages[-1]["content"]}

This answer is simulated, so it costs nothing:

1. It comes **token by token**.
2. Spaces and line breaks survive:

    def answer():
        return 42

Set `OPENAI_API_KEY` to talk to a real model.
"""
    for token in re.findall(r"\s?\S+|\s", answer):
        yield token
        await asyncio.sleep(0.02)


# --- Three ways to stream it -----------------------------------------------------------------------------------


def event_stream(events: AsyncIterator[str]) -> StreamingResponse:
    # The second header keeps nginx from collecting the answer before it passes it on.
    headers = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


async def raw_events(messages: List[dict]) -> AsyncIterator[str]:
    """The shortest form. The text is sent as it is."""
    async for token in generate(messages):
        yield f"data: {token}\n\n"
    yield "data: [DONE]\n\n"


async def named_events(messages: List[dict]) -> AsyncIterator[str]:
    """The form to prefer: JSON keeps every character, and a failure has a place of its own."""
    try:
        async for token in generate(messages):
            yield f"event: content\ndata: {json.dumps({'text': token})}\n\n"
    except Exception as error:
        yield f"event: error\ndata: {json.dumps({'message': str(error)})}\n\n"
    else:
        yield f"event: done\ndata: {json.dumps({'reason': 'stop'})}\n\n"


@app.get("/chat")
async def chat_by_query(prompt: str) -> StreamingResponse:
    return event_stream(raw_events([{"role": "user", "content": prompt}]))


@app.post("/api/chat")
async def chat_raw(question: Question) -> StreamingResponse:
    return event_stream(raw_events(question.conversation()))


@app.post("/chat")
async def chat_named(question: Question) -> StreamingResponse:
    return event_stream(named_events(question.conversation()))


# --- The page --------------------------------------------------------------------------------------------------


@app.get("/")
async def page() -> FileResponse:
    return FileResponse(HERE / "index.html")


@app.get("/stream-chat.js")
async def element() -> FileResponse:
    return FileResponse(HERE / "stream-chat.js", media_type="text/javascript")
