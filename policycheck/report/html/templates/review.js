"use strict";
(() => {
  const ORDER = 16, CELLS = 65536, SIDE = 1024, SVG = "http://www.w3.org/2000/svg";

  // The distance along the Hilbert curve of a cell in a square of side 2^order.
  const distance = (x, y, order) => {
    let found = 0;
    for (let level = order - 1; level >= 0; level--) {
      const side = 2 ** level;
      const right = x >= side ? 1 : 0, up = y >= side ? 1 : 0;
      found += side * side * ((3 * right) ^ up);
      x -= side * right;
      y -= side * up;
      if (!up) {
        if (right) { x = side - 1 - x; y = side - 1 - y; }
        [x, y] = [y, x];
      }
    }
    return found;
  };

  const spelled = (value) => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");

  const said = (layers, first, last) => {
    const lines = [];
    let covered = 0;
    for (const layer of layers) {
      let inside = 0;
      const names = [];
      for (const [from, to] of layer.bounds) {
        const a = Math.max(from, first), b = Math.min(to, last);
        if (a <= b) {
          inside += b - a + 1;
          if (names.length < 3) names.push(a === b ? spelled(a) : spelled(a) + " – " + spelled(b));
          else if (names.length === 3) names.push("…");
        }
      }
      covered += inside;
      if (inside === last - first + 1) return layer.title;
      if (inside) lines.push(layer.title + ": " + names.join(", "));
    }
    if (covered < last - first + 1) lines.push(lines.length ? "the rest: nothing" : "nothing");
    return lines.join("\n");
  };

  const start = (figure) => {
    const svg = figure.querySelector("svg"), readout = figure.querySelector(".readout");
    const cursor = svg.querySelector(".cursor"), labels = svg.querySelector(".labels");
    const views = JSON.parse(figure.querySelector("script").textContent);
    let layers = views[0];
    for (let y = 0; y < 16; y++) {
      for (let x = 0; x < 16; x++) {
        const text = document.createElementNS(SVG, "text");
        text.setAttribute("x", x * 64 + 6);
        text.setAttribute("y", y * 64 + 19);
        text.textContent = distance(x, y, 4);
        labels.append(text);
      }
    }
    // Shows the square with 2^order squares to a side that has the cell (x, y).
    const show = (x, y, order) => {
      const width = 32 - 2 * order, first = distance(x, y, order) * 2 ** width;
      const side = SIDE / 2 ** order;
      cursor.setAttribute("x", x * side);
      cursor.setAttribute("y", y * side);
      cursor.setAttribute("width", side);
      cursor.setAttribute("height", side);
      cursor.setAttribute("visibility", "visible");
      readout.textContent = spelled(first) + "/" + 2 * order + "\n" + said(layers, first, first + 2 ** width - 1);
    };
    let place = [0, 0], fine = 8;
    svg.addEventListener("pointermove", (event) => {
      const box = svg.getBoundingClientRect();
      const at = (value, size) => Math.min(Math.max(Math.floor((value / size) * 2 ** fine), 0), 2 ** fine - 1);
      place = [at(event.clientX - box.left, box.width), at(event.clientY - box.top, box.height)];
      show(place[0], place[1], fine);
    });
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    svg.addEventListener("keydown", (event) => {
      const step = steps[event.key];
      if (!step) return;
      event.preventDefault();
      const order = event.shiftKey ? fine : 4, size = 2 ** (fine - order);
      place = place.map((value, axis) =>
        Math.min(Math.max((Math.floor(value / size) + step[axis]) * size, 0), 2 ** fine - size));
      show(place[0] / size, place[1] / size, order);
    });
    const choice = figure.querySelector("select");
    if (choice) {
      choice.closest("p").hidden = false;
      const choose = () => {
        layers = views[choice.value];
        svg.querySelectorAll("g[data-view]").forEach((one) => {
          if (one.dataset.view === choice.value) one.removeAttribute("display");
          else one.setAttribute("display", "none");
        });
        figure.querySelectorAll("ul[data-view]").forEach((one) => { one.hidden = one.dataset.view !== choice.value; });
        cursor.setAttribute("visibility", "hidden");
      };
      choice.addEventListener("change", choose);
      choose();
    }
    svg.addEventListener("focus", () => {
      if (svg.matches(":focus-visible")) show(place[0] >> 4, place[1] >> 4, 4);
    });
  };

  document.querySelectorAll("[data-map]").forEach(start);

  const folded = () => [...document.querySelectorAll("details:not([open])")];
  const unfold = document.getElementById("unfold");
  let opened = [];
  const toggle = () => {
    if (opened.length) { opened.forEach((one) => { one.open = false; }); opened = []; }
    else { opened = folded(); opened.forEach((one) => { one.open = true; }); }
    unfold.textContent = opened.length ? "Fold again" : "Unfold all";
  };
  unfold.hidden = false;
  unfold.addEventListener("click", toggle);

  // A place inside what is folded is unfolded before it is gone to; paper shows everything.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const around = target && target.closest("details:not([open])");
    if (around) { around.open = true; target.scrollIntoView({ block: "center" }); }
  };
  window.addEventListener("hashchange", reveal);
  document.addEventListener("click", (event) => { if (event.target.closest("a[href^='#']")) setTimeout(reveal); });
  let printed = [];
  window.addEventListener("beforeprint", () => { printed = folded(); printed.forEach((one) => { one.open = true; }); });
  window.addEventListener("afterprint", () => { printed.forEach((one) => { one.open = false; }); });
  reveal();
})();
