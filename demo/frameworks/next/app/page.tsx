import {App} from '../../react/App.tsx';

/** A component of the server, which renders the chat too. */
export default function Page() {
  return <App />;
}
