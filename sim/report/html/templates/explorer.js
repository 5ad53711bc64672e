"use strict";
// The points of a sweep: sliders that stop only where something was run, and the answer and a figure that follow.
(function () {
  const data = JSON.parse(document.getElementById("explorer-points").textContent);
  const points = data.points, levers = data.levers;
  const home = document.getElementById("explorer");
  const chart = document.getElementById("explorer-chart");
  let current = 0, across = Math.max(0, levers.findIndex((lever) => lever.values.length > 1));
  const sliders = [];

  function element(name, attributes, text) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }
  function drawn(name, attributes, text) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }
  const spread = levers.map((lever) => lever.values[lever.values.length - 1] - lever.values[0] || 1);

  // The point at which a lever has a value and the others are nearest to where they are.
  function nearest(lever, place) {
    let best = -1, least = Infinity;
    points.forEach((point, number) => {
      if (point.at[lever] !== place) return;
      let away = 0;
      point.at.forEach((own, other) => {
        if (other === lever) return;
        const values = levers[other].values;
        away += Math.pow((values[own] - values[points[current].at[other]]) / spread[other], 2);
      });
      if (away < least) { least = away; best = number; }
    });
    return best;
  }
  function move(lever, place) {
    const found = nearest(lever, place);
    if (found >= 0) current = found;
    across = lever;
    show();
  }
  function build() {
    const box = document.getElementById("explorer-levers");
    levers.forEach((lever, number) => {
      const last = lever.values.length - 1;
      const part = element("div", { class: "lever" });
      const id = "lever-" + number;
      part.append(element("label", { for: id }, lever.name));
      const output = element("output", { for: id });
      part.append(output);
      const slider = element("input", { type: "range", id: id, min: 0, max: last, step: 1 });
      if (last === 0) slider.disabled = true;
      slider.addEventListener("input", () => move(number, Number(slider.value)));
      slider.addEventListener("focus", () => { across = number; draw(); });
      part.append(slider);
      const ends = element("div", { class: "ends" });
      ends.append(element("span", {}, lever.texts[0]));
      if (lever.meaning) ends.append(element("span", {}, lever.meaning));
      ends.append(element("span", {}, lever.texts[last]));
      part.append(ends);
      box.append(part);
      sliders.push({ slider: slider, output: output });
    });
  }
  function show() {
    const point = points[current];
    sliders.forEach(({ slider, output }, number) => {
      const text = levers[number].texts[point.at[number]];
      slider.value = String(point.at[number]);
      slider.setAttribute("aria-valuetext", text);
      output.textContent = text;
    });
    document.getElementById("explorer-at").textContent =
      "At " + levers.map((lever, number) => lever.name + " " + lever.texts[point.at[number]]).join(", ") + ":";
    const told = document.getElementById("explorer-told");
    told.replaceChildren(...point.said.map((line) => element("p", {}, line)));
    draw();
  }
  // Round numbers within a range, five or so.
  function between(least, most) {
    const rough = (most - least) / 5, power = Math.pow(10, Math.floor(Math.log10(rough)));
    const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough * 0.999);
    const found = [];
    for (let n = Math.ceil(least / step - 1e-9); n * step <= most + step * 1e-6; n += 1) found.push(n * step);
    return found;
  }
  const tops = points.map((point) => Math.max(point.risk[2], point.risk[4] === null ? 0 : point.risk[4]));
  const highest = Math.min(1, 1.06 * Math.max(0.001, ...tops));
  const W = 720, H = 330, LEFT = 64, RIGHT = 24, TOP = 40, BOTTOM = 56;

  function draw() {
    const lever = levers[across], own = points[current].at;
    const low = lever.values[0], span = lever.values[lever.values.length - 1] - low;
    const x = (value) => span ? LEFT + 16 + ((W - LEFT - RIGHT - 32) * (value - low)) / span : (LEFT + W - RIGHT) / 2;
    const y = (risk) => H - BOTTOM - ((H - TOP - BOTTOM) * risk) / highest;
    const shown = points.filter((point) => data.scattered || point.at.every((at, n) => n === across || at === own[n]));
    const svg = drawn("svg", { viewBox: "0 0 " + W + " " + H, role: "img", "aria-labelledby": "chart-title chart-desc",
      "font-family": "inherit", "font-size": 13, fill: "#1a1a1a" });
    const where = lever.name + " " + lever.texts[own[across]];
    svg.append(drawn("title", { id: "chart-title" }, data.heading + " at each point, along " + lever.name));
    svg.append(drawn("desc", { id: "chart-desc" }, "Marked, at " + where + ": " + points[current].said.join(" ")));
    svg.append(drawn("text", { x: 8, y: 18, "font-weight": 600 }, data.heading + " (%)"));
    for (const value of between(0, highest)) {
      svg.append(drawn("line", { x1: LEFT, x2: W - RIGHT, y1: y(value), y2: y(value), stroke: "#dddddd" }));
      svg.append(drawn("text", { x: LEFT - 8, y: y(value) + 4, "text-anchor": "end", fill: "#505050" },
        String(Number((100 * value).toPrecision(3)))));
    }
    svg.append(drawn("line", { x1: LEFT, x2: W - RIGHT, y1: y(0), y2: y(0), stroke: "#505050" }));
    const marks = lever.values.length <= 9 ? lever.values : between(low, low + span);
    marks.forEach((value) => {
      svg.append(drawn("text", { x: x(value), y: H - BOTTOM + 18, "text-anchor": "middle", fill: "#505050" },
        String(Number(value.toPrecision(3)))));
    });
    svg.append(drawn("text", { x: (LEFT + W - RIGHT) / 2, y: H - 14, "text-anchor": "middle" },
      lever.unit ? lever.name + " (" + lever.unit + ")" : lever.name));
    const wide = Math.max(3, Math.min(14, (W - LEFT - RIGHT) / (2.5 * Math.max(1, shown.length))));
    const strip = (point, ends, colour) => {
      if (ends[0] === null || ends[1] === null) return;
      svg.append(drawn("rect", { x: x(lever.values[point.at[across]]) - wide / 2, y: y(ends[1]), width: wide,
        height: Math.max(1, y(ends[0]) - y(ends[1])), fill: colour, opacity: data.scattered && point !== points[current] ? 0.35 : 1 }));
    };
    for (const point of shown) {
      strip(point, [point.risk[3], point.risk[4]], "#efb9b2");
      strip(point, [point.risk[1], point.risk[2]], "#d2604f");
    }
    for (const point of shown) {
      const here = point === points[current];
      const cx = x(lever.values[point.at[across]]), cy = y(point.risk[0]);
      svg.append(drawn("circle", { cx: cx, cy: cy, r: here ? 7 : 3.5, fill: here ? "#ffffff" : "#1a1a1a",
        stroke: "#1a1a1a", "stroke-width": here ? 3 : 1 }));
    }
    legend(svg);
    chart.replaceChildren(svg);
  }
  function legend(svg) {
    const entries = [["#d2604f", "95% by chance"]];
    if (points.some((point) => point.risk[4] !== null)) entries.push(["#efb9b2", "90% with the parameters unknown"]);
    let left = 330;
    for (const [colour, text] of entries) {
      svg.append(drawn("rect", { x: left, y: 8, width: 12, height: 12, fill: colour }));
      svg.append(drawn("text", { x: left + 18, y: 18 }, text));
      left += 130;
    }
  }
  build();
  home.hidden = false;
  show();
})();
