// The contrast of each text to what lies behind it, by WCAG 2.2: [what it says, the ratio].
() => {
  const channels = (color) => color.match(/[\d.]+/g).slice(0, 3).map((part) => Number(part) / 255);
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const luminance = (color) => {
    const [red, green, blue] = channels(color).map(linear);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const shapes = [...document.querySelectorAll("svg path, svg polygon")]
    .map((shape) => ({ fill: getComputedStyle(shape).fill, box: shape.getBoundingClientRect(), shape }))
    .filter((one) => one.fill.startsWith("rgb("));
  return [...document.querySelectorAll("svg text")].map((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect();
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const behind = shapes.filter(
      ({ box, shape }) =>
        box.left <= x && x <= box.right && box.top <= y && y <= box.bottom && box.width > 20 && box.height > 8 &&
        shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    const pair = [getComputedStyle(text).fill, behind.at(-1)?.fill ?? "rgb(255, 255, 255)"].map(luminance);
    return [text.textContent, (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05)];
  });
}
