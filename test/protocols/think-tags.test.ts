import {expect} from '@open-wc/testing';

import {createThinkTags} from '../../src/protocols/think-tags.js';
import {createCollector} from '../helpers/streams.js';

function read(text: string, size: number) {
  const {collected, add} = createCollector();
  const tags = createThinkTags();
  for (let at = 0; at < text.length; at += size) for (const delta of tags.push(text.slice(at, at + size))) add(delta);
  for (const delta of tags.flush()) add(delta);
  return {text: collected.text, reasoning: collected.reasoning};
}

describe('protocols/think-tags', () => {
  const cases: Record<string, [string, {text: string; reasoning: string}]> = {
    'reads reasoning at the beginning': ['\n<think>\nHm.\n</think>\n\nYes', {text: 'Yes', reasoning: '\nHm.\n'}],
    'leaves tags in the middle alone': ['Write <think>x</think>', {text: 'Write <think>x</think>', reasoning: ''}],
    'leaves what only begins like a tag alone': ['<thin', {text: '<thin', reasoning: ''}],
    'keeps white space at the beginning': ['  \n Hi', {text: '  \n Hi', reasoning: ''}],
    'takes reasoning that never ends for reasoning': ['<think>a < b </thin', {text: '', reasoning: 'a < b </thin'}],
    'reads reasoning whose beginning is missing': ['Hm.\nSo.\n</think>\n\nYes', {text: 'Yes', reasoning: 'Hm.\nSo.'}],
    'leaves a closing tag in code alone': ['```\n</think>\n```\n', {text: '```\n</think>\n```\n', reasoning: ''}],
    'leaves a closing tag in a sentence alone': [
      'Then `</think>` ends it',
      {text: 'Then `</think>` ends it', reasoning: ''},
    ],
    'reads other names of the tag': ['<thinking>Hm.</thinking>Yes', {text: 'Yes', reasoning: 'Hm.'}],
    'reads thoughts and reasoning': ['<thought>a</thought><reasoning>b</reasoning>\nYes', {text: 'Yes', reasoning: 'ab'}],
    'ends reasoning with the tag that began it': ['<reasoning>a</think>b</reasoning>c', {text: 'c', reasoning: 'a</think>b'}],
    'reads reasoning again at the start of a line': ['<think>a</think>One.\n\n<thinking>b</thinking> Two.', {text: 'One.\n\nTwo.', reasoning: 'ab'}],
    'leaves later tags in a line or in code alone': [
      '<think>a</think>Use <think>.\n```\n<think>\n```\n`x`\n<b>',
      {text: 'Use <think>.\n```\n<think>\n```\n`x`\n<b>', reasoning: 'a'},
    ],
    'reads reasoning after code': ['<think>a</think>```\nx\n```\n<think>b</think>c', {text: '```\nx\n```\nc', reasoning: 'ab'}],
    'reads other reasoning whose beginning is missing': ['Hm.\n</thinking>\nYes', {text: 'Yes', reasoning: 'Hm.'}],
    'reads an empty thought': ['<think></think>Hi', {text: 'Hi', reasoning: ''}],
  };
  for (const [name, [input, expected]] of Object.entries(cases)) {
    it(name, () => {
      for (const size of [1, 2, 3, 7, input.length]) expect(read(input, size)).to.deep.equal(expected);
    });
  }
});
