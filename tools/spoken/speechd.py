"""Stands in for Speech Dispatcher: writes down each utterance, with the time, instead of speaking it."""
import html
import json
import os
import re
import time

OUT = open(os.environ['SPOKEN'], 'a', buffering=1)


class CallbackType:
    BEGIN = 'begin'
    CANCEL = 'cancel'
    END = 'end'
    INDEX_MARK = 'index_mark'
    PAUSE = 'pause'
    RESUME = 'resume'


class PunctuationMode:
    ALL = 'all'
    MOST = 'most'
    SOME = 'some'
    NONE = 'none'


class Priority:
    MESSAGE = 'message'
    IMPORTANT = 'important'
    TEXT = 'text'
    NOTIFICATION = 'notification'
    PROGRESS = 'progress'


class DataMode:
    SSML = 'ssml'
    TEXT = 'text'


class SSIPCommunicationError(Exception):
    pass


class SSIPCommandError(Exception):
    pass


class SSIPClient:
    def __init__(self, *args, **options):
        pass

    def speak(self, text, callback=None, event_types=None):
        text = html.unescape(re.sub('<[^>]*>', '', text)).replace('\ue000', '').strip()
        if text:
            OUT.write(json.dumps({'t': round(time.time() * 1000), 'text': text}, ensure_ascii=False) + '\n')

    char = key = speak

    def list_output_modules(self):
        return ('writer',)

    def list_synthesis_voices(self, *args):
        return (('writer', 'en', 'none'),)

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return lambda *args, **options: None
