// A form by which an act of one's own is imposed in every run. What it may be is checked by the server, which tells what
// it refuses, and in which field. All text is set as text, never as markup.

function element(name, text, attributes) {
  const made = document.createElement(name)
  if (text) made.textContent = text
  for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value)
  return made
}

function choice(pairs, value) {
  const made = element("select")
  for (const [key, title] of pairs) made.append(element("option", title, { value: key }))
  if (pairs.some(([key]) => key === value)) made.value = value
  return made
}

export function render({ model, el }) {
  const root = element("details", "", { class: "own" })
  const form = element("form", "", { "aria-label": "An act of your own, in every run" })
  const fixed = element("div", "", { class: "fields" })
  const details = element("div", "", { class: "fields" })
  const days = element("div", "", { class: "fields" })
  const told = element("p", "", { class: "told", role: "alert", id: "told" })
  const go = element("button", "Impose in every run", { type: "submit" })
  form.noValidate = true   // what is wrong is told by the server, in one line, whatever the browser
  root.append(element("summary", "Impose an act of your own"), form)
  form.append(fixed, details, days, go, told)
  el.append(root)
  let inputs = new Map()   // name of a field -> its input

  function field(place, name, text, input, hint) {
    const label = element("label", "", { class: input.tagName === "SELECT" ? "field wide" : "field" })
    label.append(element("span", text), input)
    input.name = name
    if (hint) {
      const said = element("small", hint, { id: `hint-${name}` })
      input.setAttribute("aria-describedby", said.id)
      label.append(said)
    }
    input.addEventListener("input", () => { input.removeAttribute("aria-invalid"); told.textContent = "" })
    inputs.set(name, input)
    place.append(label)
    return input
  }

  function drawActs(acts) {
    fixed.querySelector("[data-act]")?.remove()
    const place = element("div", "", { "data-act": "" })
    fixed.append(place)
    const act = field(place, "act", "What it does", choice(acts.map((one) => [one.key, one.title]), ""))
    act.addEventListener("change", () => drawDetails(acts))
    drawDetails(acts)
  }

  function drawDetails(acts) {
    const wanted = acts.find((one) => one.key === inputs.get("act").value).fields
    const kept = new Map([...inputs].map(([name, input]) => [name, input.value]))
    for (const input of details.querySelectorAll("input, select")) inputs.delete(input.name)
    details.replaceChildren()
    for (const one of wanted) {
      const value = kept.get(one.name) ?? one.value
      const input = one.choices ? choice(one.choices, value) : element("input", "", { type: "number", min: one.low, max: one.high, step: 1 })
      if (!one.choices) input.value = value
      field(details, one.name, one.label, input, one.hint)
    }
  }

  function draw() {
    const offers = model.offers
    inputs = new Map()
    for (const place of [fixed, details, days]) place.replaceChildren()
    if (!offers.actors) return
    const acts = () => offers.actors.find((one) => one.key === inputs.get("actor").value).acts
    field(fixed, "actor", "Actor", choice(offers.actors.map((one) => [one.key, one.title]), ""))
      .addEventListener("change", () => drawActs(acts()))
    drawActs(acts())
    const day = () => element("input", "", { type: "date", min: offers.first, max: offers.last })
    field(days, "first", "First day", day(), offers.span).value = offers.day
    field(days, "last", "Last day", day(), "empty: that day alone")
    told.textContent = ""
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault()
    for (const input of inputs.values()) input.removeAttribute("aria-invalid")
    told.textContent = ""
    // what is no number is sent as such: a browser gives it as nothing at all
    const given = [...inputs].map(([name, input]) => [name, input.validity.badInput ? "?" : input.value])
    model.wanted = { ...Object.fromEntries(given), at: String(Date.now()) }
  })
  model.on("told", () => {
    told.textContent = model.told.text || ""
    told.classList.toggle("wrong", !model.told.good)
    const input = inputs.get(model.told.field)
    if (!input) return
    input.setAttribute("aria-invalid", "true")
    input.focus()
  })
  model.on("offers", draw)
  draw()
}
