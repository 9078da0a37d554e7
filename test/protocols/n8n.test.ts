import {expect} from '@open-wc/testing';

import {n8n} from '../../src/protocols/n8n.js';
import {message, ndjson, readCut, sent} from '../helpers/streams.js';

const line = (type: string, nodeId: string, content?: string) => ({
  type,
  ...(content !== undefined && {content}),
  metadata: {nodeId, nodeName: nodeId, runIndex: 0, itemIndex: 0},
});

describe('protocols/n8n', () => {
  it('decodes the items of a node', () => {
    const body = ndjson(line('begin', 'a'), line('item', 'a', 'Grüß\n'), line('item', 'a', 'Gott'), line('end', 'a'));

    expect(readCut(body, n8n)).to.include({text: 'Grüß\nGott', ended: true});
    expect(readCut(ndjson(line('begin', 'a'), line('item', 'a', 'Hi')), n8n)).to.include({text: 'Hi', ended: false});
  });

  it('keeps the texts of interleaved nodes apart', () => {
    const body = ndjson(
      line('begin', 'a'),
      line('begin', 'b'),
      line('item', 'a', 'One'),
      line('item', 'b', 'Two'),
      line('item', 'a', '!'),
      line('end', 'a'),
      line('item', 'b', '!'),
      line('end', 'b'),
    );

    expect(readCut(body, n8n)).to.include({text: 'One!\n\nTwo!', ended: true});
  });

  it('treats lines that are not JSON as text, and reports errors', () => {
    expect(readCut('Hello\n', n8n).text).to.equal('Hello\n');
    expect(readCut(ndjson(line('begin', 'a'), line('error', 'a', 'Broken')), n8n).error).to.include({
      message: 'Broken',
    });
  });

  it('encodes the question', () => {
    expect(sent(n8n, [message('user', 'Hi')])).to.deep.equal({
      action: 'sendMessage',
      sessionId: 'chat-1',
      chatInput: 'Hi',
    });
  });
});
