// An element of the host page, built with its own copy of Lit.
import {css, html, LitElement} from 'lit';

class OtherElement extends LitElement {
  static styles = css`
    p {
      color: rgb(1, 2, 3);
    }
  `;

  render() {
    return html`<p>Drawn by the Lit of the page</p>`;
  }
}

customElements.define('other-element', OtherElement);
