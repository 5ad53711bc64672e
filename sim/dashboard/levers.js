// Levers of a page: native sliders and number fields, a search over all parameters, and what each rests on.
// All text is set as text, never as markup.

function element(name, text, attributes) {
  const made = document.createElement(name)
  if (text) made.textContent = text
  for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value)
  return made
}

const MOST_FOUND = 12

export function render({ model, el }) {
  const root = element("div", "", { class: "levers" })
  const shown = element("div", "", { class: "shown" })
  const search = element("div", "", { class: "search" })
  const label = element("label", "Find another parameter")
  const field = element("input", "", { type: "search", autocomplete: "off", placeholder: "supply, revenge, Baghdad…", maxlength: "80" })
  const found = element("div", "", { class: "found", role: "list" })
  const told = element("p", "", { class: "count", role: "status" })
  label.append(field)
  search.append(label, told, found)
  root.append(shown, search)
  el.append(root)

  const opened = new Set()   // parameters that were taken from the search
  const parts = new Map()    // name -> what is shown of it

  function hold(name, value) {
    const values = { ...model.held }
    if (value === null) delete values[name]
    else values[name] = value
    model.held = values
  }

  function row(lever) {
    const box = element("fieldset", "", { class: "lever", "data-name": lever.name })
    const legend = element("legend", lever.title)
    const slider = element("input", "", {
      type: "range", min: lever.low, max: lever.high, step: lever.step,
      "aria-label": `${lever.title}, ${lever.name}` + (lever.unit ? `, in ${lever.unit}` : ""),
    })
    const id = `lever-${lever.name.replace(/[^a-z0-9]/g, "-")}`
    const number = element("input", "", {
      type: "number", min: lever.least, max: lever.greatest, step: "any", "aria-label": `${lever.name}, as a number`,
      "aria-describedby": `${id}-range ${id}-state`,
    })
    const line = element("div", "", { class: "line" })
    const range = `${lever.least} to ${lever.greatest}` + (lever.unit ? ` ${lever.unit}` : "")
    const unit = element("span", range, { class: "unit", id: `${id}-range` })
    const back = element("button", "as it was", { type: "button", "aria-label": `leave ${lever.name} as the scenario has it` })
    line.append(number, unit, back)
    const ends = element("div", "", { class: "ends" })
    ends.append(element("span", lever.ends[0] || String(lever.low)), element("span", lever.ends[1] || String(lever.high)))
    const state = element("p", "", { class: "state", id: `${id}-state`, role: "status" })
    const more = element("details")
    more.append(element("summary", "What it is, and what it rests on"))
    const about = element("dl")
    const say = (term, text) => about.append(element("dt", term), element("dd", text))
    say("key", lever.name)
    say("actor", lever.actor)
    say("meaning", lever.meaning)
    say("range", `${lever.least} to ${lever.greatest}` + (lever.unit ? ` (${lever.unit})` : ""))
    say("basis", lever.basis)
    for (const source of lever.sources) say("source", source)
    more.append(about)
    box.append(legend, slider, ends, line, state, more)
    const value = () => model.held[lever.name] ?? lever.usual
    // An emptied box asks for nothing; one with something that is no number has no value either, but says so.
    const isEmpty = () => number.value === "" && !number.validity.badInput
    const isGood = () => number.value !== "" && Number(number.value) >= lever.least && Number(number.value) <= lever.greatest

    function tell() {
      const is = model.held[lever.name] !== undefined
      const bad = !isEmpty() && !isGood()
      number.setAttribute("aria-invalid", String(bad))
      state.classList.toggle("wrong", bad)
      box.classList.toggle("is-held", is)
      back.disabled = !is && !bad
      const beyond = value() < lever.low || value() > lever.high ? `, beyond the slider's ${lever.low} to ${lever.high}` : ""
      const kept = is ? `held at ${value()}${beyond}` : `not set: ${lever.stands}`
      state.textContent = bad ? `${number.value || "that"}: must be a number from ${range}; still ${kept}` : kept
    }
    function show() {
      if (Number(slider.value) !== value()) slider.value = value()
      if (number.getRootNode().activeElement !== number) number.value = value()  // what is being typed stays
      tell()
    }
    slider.addEventListener("input", () => { number.value = slider.value; hold(lever.name, Number(slider.value)) })
    number.addEventListener("input", tell)
    number.addEventListener("change", () => { if (isGood() && Number(number.value) !== value()) hold(lever.name, Number(number.value)) })
    number.addEventListener("blur", () => { if (isEmpty()) { number.value = value(); tell() } })
    back.addEventListener("click", () => { hold(lever.name, null); show(); slider.focus() })
    return { box, show }
  }

  function layOut() {
    const wanted = model.levers.filter((lever) => lever.shown || opened.has(lever.name) || model.held[lever.name] !== undefined)
    const names = new Set(wanted.map((lever) => lever.name))
    for (const [name, part] of parts) if (!names.has(name)) { part.box.remove(); parts.delete(name) }
    for (const lever of wanted) {
      if (!parts.has(lever.name)) {
        parts.set(lever.name, row(lever))
        shown.append(parts.get(lever.name).box)
      }
      parts.get(lever.name).show()
    }
  }

  function look() {
    found.replaceChildren()
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean)
    if (!words.length) { told.textContent = `${model.levers.length} parameters in all`; return }
    const fits = model.levers.filter((lever) => {
      const text = `${lever.name} ${lever.title} ${lever.actor} ${lever.meaning} ${lever.basis}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    told.textContent = fits.length > MOST_FOUND ? `${fits.length} found, the first ${MOST_FOUND} shown` : `${fits.length} found`
    let actor = ""
    for (const lever of fits.slice(0, MOST_FOUND)) {
      if (lever.actor !== actor) { actor = lever.actor; found.append(element("h3", actor)) }
      const take = element("button", "", { type: "button", class: "take", role: "listitem", "data-name": lever.name })
      take.append(element("strong", lever.name), element("span", ` ${lever.meaning}`))
      take.addEventListener("click", () => {
        opened.add(lever.name)
        layOut()
        field.value = ""
        look()
        parts.get(lever.name).box.querySelector("input").focus()
      })
      found.append(take)
    }
  }

  let waiting = 0
  model.on("address", () => {
    clearTimeout(waiting)
    waiting = setTimeout(() => history.replaceState(null, "", model.address + location.hash), 250)
  })
  field.addEventListener("input", look)
  model.on("held", layOut)
  model.on("levers", () => {
    for (const part of parts.values()) part.box.remove()
    parts.clear()
    layOut()
    look()
  })
  layOut()
  look()
}
