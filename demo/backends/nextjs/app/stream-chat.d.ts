import type {DetailedHTMLProps, HTMLAttributes} from 'react';
import type {StreamChat} from 'stream-chat-element';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'stream-chat': DetailedHTMLProps<HTMLAttributes<StreamChat>, StreamChat> & {endpoint: string; heading?: string};
    }
  }
}
