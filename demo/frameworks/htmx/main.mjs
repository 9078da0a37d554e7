/** What the server answers to each request: the whole of `<main>`, as it is now. */
export const main = ({isOpen, isLocked}) => `
  <button id="toggle" hx-get="/toggle" hx-target="main" hx-swap="innerMorph">${isOpen ? 'Close' : 'Open'}</button>
  <button id="lock" hx-get="/lock" hx-target="main" hx-swap="innerMorph">${isLocked ? 'Unlock' : 'Lock'}</button>
  ${
    isOpen
      ? `<stream-chat
          id="chat"
          endpoint="/api/chat"
          heading="htmx"
          max-length="200"
          disabled="${isLocked}"
          hx-on:delta="count(event)"
          hx-on:done="end(event)"
          hx-on:error="fail(event)"
        ></stream-chat>`
      : ''
  }
`;
