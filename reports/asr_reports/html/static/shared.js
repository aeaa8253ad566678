// What all pages share. Texts become text nodes only: nothing in them is taken for markup.
"use strict";

const shared = (() => {
  const byId = (id) => document.getElementById(id);

  /** An element with a class and children, which are elements or texts. */
  function make(tag, className, ...children) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...children);
    return element;
  }

  /** A state graph in the element `view`: its parts by name, to be chosen from with `take`; `bind` gives it the tools. */
  function mapOf(take, map = document.querySelector("#view svg")) {
    const view = byId("view");
    const nodes = new Map();
    const arrows = new Map();
    if (!map) return { map, nodes, arrows, bind() {} };
    for (const node of map.querySelectorAll("[data-phase]")) nodes.set(node.dataset.phase, node);
    for (const arrow of map.querySelectorAll("[data-arrow]")) arrows.set(arrow.dataset.arrow, arrow);

    let zoom = 1;
    function setZoom(factor) {
      zoom = factor === 0 ? 1 : Math.min(6, Math.max(0.5, zoom * factor));
      map.style.width = `${zoom * 100}%`;
    }

    const chosen = (event) => event.target.closest("[data-phase], [data-arrow]");
    map.addEventListener("click", (event) => chosen(event) && take(chosen(event)));
    map.addEventListener("keydown", (event) => {
      if ((event.key === "Enter" || event.key === " ") && chosen(event)) {
        event.preventDefault();
        take(chosen(event));
      }
    });
    function find(event) {
      const text = event.target.value.trim().toLowerCase();
      let first = null;
      for (const group of [...nodes.values(), ...arrows.values()]) {
        const fits = text !== "" && group.getAttribute("aria-label").toLowerCase().includes(text);
        group.classList.toggle("found", fits);
        if (fits && !first) first = group;
      }
      first?.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    function bind() {
      for (const button of document.querySelectorAll("[data-zoom]")) {
        button.onclick = () => setZoom(Number(button.dataset.zoom));
      }
      view.onwheel = (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        setZoom(event.deltaY < 0 ? 1.1 : 1 / 1.1);
      };
      byId("find").oninput = find;
    }
    bind();
    return { map, nodes, arrows, bind };
  }

  return { byId, make, mapOf };
})();
