// What is wrong with a drawing, measured: a list of sentences, empty where all is well.
() => {
  const ROOM = 0.6; // of a pixel: what rounding does
  const svg = document.querySelector("svg");
  const page = svg.getBoundingClientRect();
  const wrong = [];
  const box = (element) => element.getBoundingClientRect();
  const inside = (a, b) =>
    a.left >= b.left - ROOM && a.right <= b.right + ROOM && a.top >= b.top - ROOM && a.bottom <= b.bottom + ROOM;
  const meet = (a, b) =>
    a.left < b.right - ROOM && b.left < a.right - ROOM && a.top < b.bottom - ROOM && b.top < a.bottom - ROOM;
  const outline = (group) => group.querySelector("path[fill]:not([fill=none]), polygon[fill]:not([fill=none])");
  const groups = (kind) => [...svg.querySelectorAll(`g.${kind}`)].filter((group) => outline(group));
  const boxes = groups("node").map((group) => ({ name: group.id || group.textContent.trim(), box: box(outline(group)), group }));
  const clusters = groups("cluster").map((group) => ({ name: group.textContent.trim(), box: box(outline(group)), group }));
  const texts = [...svg.querySelectorAll("text")].map((text) => ({
    said: text.textContent.trim(),
    box: box(text),
    group: text.closest("g.node, g.edge, g.cluster"),
  }));
  for (const text of texts) {
    if (!inside(text.box, page)) wrong.push(`"${text.said}" leaves the picture`);
    const own = boxes.find((one) => one.group === text.group);
    if (own) {
      if (!inside(text.box, own.box)) wrong.push(`"${text.said}" leaves its box ${own.name}`);
      const off = Math.abs((text.box.left + text.box.right) / 2 - (own.box.left + own.box.right) / 2);
      if (off > 1.5) wrong.push(`"${text.said}" is ${off.toFixed(1)} off the middle of ${own.name}`);
    }
    for (const one of boxes) {
      if (one !== own && meet(text.box, one.box)) wrong.push(`"${text.said}" overlaps the box ${one.name}`);
    }
    for (const one of clusters) {
      if (one.group === text.group ? !inside(text.box, one.box) : meet(text.box, one.box) && !inside(text.box, one.box)) {
        wrong.push(`"${text.said}" lies across the border of ${one.name}`);
      }
    }
  }
  texts.forEach((a, place) => {
    for (const b of texts.slice(place + 1)) {
      if ((a.group !== b.group || !a.group) && meet(a.box, b.box)) wrong.push(`"${a.said}" overlaps "${b.said}"`);
    }
  });
  boxes.forEach((a, place) => {
    for (const b of boxes.slice(place + 1)) if (meet(a.box, b.box)) wrong.push(`${a.name} overlaps ${b.name}`);
  });
  return { texts: texts.length, boxes: boxes.length, wrong };
}
