import {lengthRules} from './style-classes.js';

/**
 * Styles of formulas: the box around them, and Temml's own style sheet without its font and images, which would be
 * requests.
 */
export const css = `
[part='math'] {
  unicode-bidi: isolate;
  -webkit-user-select: all;
  user-select: all;
}
/* A wide formula scrolls. Flex keeps the baseline, which a block that scrolls has not. */
[part='math']:not(.display, .failed):has(math) {
  display: inline-flex;
  max-inline-size: 100%;
  overflow: auto hidden;
  scrollbar-width: thin;
}
[part='math'].failed {
  white-space: pre-wrap;
  font-family: var(--_code-font, monospace);
  font-size: 0.9em;
}
[part='math'].display {
  display: block;
  margin-block: 0.5em;
  overflow: auto hidden;
  padding-block: 0.15em;
  text-align: center;
}
[part='math'].failed.display {
  text-align: start;
}
[part='math'].display:focus-visible {
  outline: 2px solid currentColor;
  outline-offset: 1px;
}
math {
  /*
   * Chromium draws roots only if the first available font has the root sign, and selects no math font by itself.
   */
  font-family:
    var(--stream-chat-math-font, 'Cambria Math'), 'STIX Two Math', STIXTwoMath-Regular, 'Latin Modern Math',
    'Libertinus Math', 'DejaVu Math TeX Gyre', 'DejaVu Sans', 'Noto Sans Math', NotoSansMath-Regular, Roboto, math;
  font-style: normal;
  font-weight: normal;
  line-height: normal;
  text-indent: 0;
  letter-spacing: normal;
  overflow-wrap: normal;
  direction: ltr;
  font-feature-settings: 'dtls' off;
}
math * { border-color: currentColor; }
.tml-display { display: block; display: block math; inline-size: 100%; }
mfrac > :nth-child(2), msqrt, mover > :first-child { math-shift: compact; }
.tml-left { text-align: left; text-align: -webkit-left; }
.tml-right { text-align: right; text-align: -webkit-right; }
mtable.tml-jot > mtr > mtd { padding-block: 0.7ex; }
mtable.tml-small mtd { padding-block: 0.35ex; }
.full { inline-size: 100%; }
.half { inline-size: 50%; }
.edge { inline-size: 7.5%; }
.bold { font-weight: bold; }
.italic { font-style: italic; }
.depth-0 { math-depth: 0; }
.depth-2 { math-depth: 2; }
.box { position: relative; }
.end { position: absolute; inset: auto 0 0 auto; }
.centre { display: flex; justify-content: center; }
.mirror { transform: scaleX(-1); }
${lengthRules}
@supports (-moz-appearance: none) {
  .tml-vec { transform: scale(0.75); }
  mtd, mtable.tml-small mtd { padding-block: 0; }
  mtable.tml-jot > mtr > mtd { padding-block: 0.2ex; }
  .tml-left { text-align: left; }
  .tml-right { text-align: right; }
}
@supports (not (-moz-appearance: none)) {
  .tml-sml-pad { padding-left: 0.05em; }
  .tml-med-pad { padding-left: 0.1em; }
  .tml-lrg-pad { padding-left: 0.15em; }
}
@supports (-webkit-backdrop-filter: blur(1px)) {
  .wbk-acc { transform: translate(0, 0.431em); }
  .wbk-sml { transform: translate(0.07em, 0); }
  .wbk-sml-acc { transform: translate(0.07em, 0.431em); }
  .wbk-sml-vec { transform: scale(0.75) translate(0.07em, 0); }
  .wbk-med { transform: translate(0.14em, 0); }
  .wbk-med-acc { transform: translate(0.14em, 0.431em); }
  .wbk-med-vec { transform: scale(0.75) translate(0.14em, 0); }
  .wbk-lrg { transform: translate(0.21em, 0); }
  .wbk-lrg-acc { transform: translate(0.21em, 0.431em); }
  .wbk-lrg-vec { transform: scale(0.75) translate(0.21em, 0); }
}
@supports (not (-webkit-backdrop-filter: blur(1px))) and (not (-moz-appearance: none)) {
  .chr-sml { transform: translate(0.07em, 0); }
  .chr-med { transform: translate(0.14em, 0); }
  .chr-lrg { transform: translate(0.21em, 0); }
  menclose { position: relative; padding: 0.5ex 0; }
  .tml-overline { padding: 0.1em 0 0; border-top: 0.065em solid; }
  .tml-underline { padding: 0 0 0.1em; border-bottom: 0.065em solid; }
  .tml-cancel { display: inline-block; position: absolute; left: 0.5px; bottom: 0; width: 100%; height: 100%; background: currentColor; }
  .upstrike { clip-path: polygon(0.05em 100%, 0 calc(100% - 0.05em), calc(100% - 0.05em) 0, 100% 0.05em); }
  .downstrike { clip-path: polygon(0 0.05em, 0.05em 0, 100% calc(100% - 0.05em), calc(100% - 0.05em) 100%); }
  .sout { clip-path: inset(calc(50% - 0.03em) 0); }
  .tml-xcancel { clip-path: polygon(0.05em 0, 0 0.05em, calc(50% - 0.05em) 50%, 0 calc(100% - 0.05em), 0.05em 100%, 50% calc(50% + 0.05em), calc(100% - 0.05em) 100%, 100% calc(100% - 0.05em), calc(50% + 0.05em) 50%, 100% 0.05em, calc(100% - 0.05em) 0, 50% calc(50% - 0.05em)); }
  .longdiv-top { border-top: 0.067em solid; padding: 0.1em 0.2em 0.2em 0.433em; }
  .longdiv-arc { position: absolute; inset: 0 auto 0.1em -0.4em; box-sizing: border-box; width: 0.7em; border: 0.067em solid; border-radius: 70%; clip-path: inset(0 0 0 0.4em); }
  .phasor-bottom { border-bottom: 0.067em solid; padding: 0.2em 0.2em 0.1em 0.6em; }
  .phasor-angle { display: inline-block; position: absolute; left: 0.5px; bottom: -0.04em; height: 100%; aspect-ratio: 0.5; background: currentColor; clip-path: polygon(0.05em 100%, 0 calc(100% - 0.05em), calc(100% - 0.05em) 0, 100% 0.05em); }
  .tml-fbox { padding: 3pt; border: 1px solid; }
  .circle-pad { padding: 0.267em; }
  .textcircle { position: absolute; inset: 0; border: 0.067em solid; border-radius: 50%; }
  .actuarial { margin-right: 0.039em; border-style: solid; border-width: 0.08em 0.08em 0 0; padding: 0.039em 0.039em 0; }
  .tml-tilde-2 { transform: scale(2, 1.1); }
  .tml-tilde-3 { transform: scale(3, 1.1); }
  .tml-tilde-4 { transform: scale(4, 1.1); }
  .tml-hat-1 { transform: scale(1.9, 1); }
  .tml-hat-2 { transform: scale(3.9, 1); }
  .tml-hat-3 { transform: scale(5.8, 1); }
  .tml-hat-4 { transform: scale(7.8, 1); }
}
`;

/** While text is copied, the sources replace the formulas, because the text of MathML is incomplete. */
export const copyCss = `
[part='math']:not(.display) { display: inline !important; }
[part='math'] > math { display: none !important; }
[part='math'] > [hidden] { display: inline !important; }
`;
