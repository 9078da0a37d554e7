import {expect} from '@open-wc/testing';

import {findFailure} from '../../src/protocols/provider-error.js';

const failures: Readonly<Record<string, unknown>> = {
  'an error': {error: {message: 'It burns'}},
  'an error without words': {error: true, message: 'It burns'},
  'a list of errors': {errors: [{message: 'It burns'}]},
  'success: false': {success: false, message: 'It burns'},
  'a code': {code: 102, message: 'It burns', data: null},
  'a code as text': {code: '500', msg: 'It burns'},
  'a code as a word': {code: 'InvalidApiKey', message: 'It burns'},
  'a status as a word': {status: 'error', message: 'It burns'},
  'a status as a number': {status: 502, title: 'Bad Gateway', detail: 'It burns'},
  statusCode: {statusCode: 401, message: 'It burns'},
  error_code: {error_code: 110, error_msg: 'It burns'},
  base_resp: {choices: null, base_resp: {status_code: 1004, status_msg: 'It burns'}},
  header: {header: {code: 10013, message: 'It burns'}},
  errorType: {errorType: 'Error', errorMessage: 'It burns'},
  'detail alone': {detail: 'It burns'},
  'a list of details': {detail: [{loc: ['body'], msg: 'It burns'}]},
  last_error: {id: 'r', status: 'failed', last_error: {code: 'rate_limit_exceeded', message: 'It burns'}},
};

const answers: Readonly<Record<string, unknown>> = {
  'a code of success': {code: 0, message: '', data: {answer: 'Hi'}},
  'HTTP 200': {code: 200, message: 'success', data: {content: 'Hi'}},
  'a status of success': {status: 'success', message: 'Hi'},
  'an empty error': {error: null, content: 'Hi'},
  'no last error': {status: 'completed', last_error: {code: 0, msg: ''}},
  'a good base response': {base_resp: {status_code: 0, status_msg: ''}, reply: 'Hi'},
  'text beside a code': {code: 'print(1)', content: 'Hi'},
  'details beside text': {detail: 'more', text: 'Hi'},
  text: 'It burns',
  nothing: null,
};

describe('protocols/provider-error', () => {
  for (const [kind, json] of Object.entries(failures)) {
    it(`finds ${kind}, with the server's words`, () => {
      const error = findFailure(json);

      expect(error?.message).to.satisfy((message: string) => /It burns|Bad Gateway/.test(message));
    });
  }

  for (const [kind, json] of Object.entries(answers)) {
    it(`finds nothing in ${kind}`, () => {
      expect(findFailure(json)).to.equal(undefined);
    });
  }
});
