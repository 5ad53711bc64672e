// A list of acts, each with a button, and where there are several ways a choice of how.

export function render({ model, el }) {
  const root = document.createElement("div")
  root.className = model.in_row ? "acts row" : "acts"
  el.append(root)
  function draw() {
    root.replaceChildren()
    if (model.heading) {
      const heading = document.createElement("h3")
      heading.textContent = model.heading
      root.append(heading)
    }
    if (model.note) {
      const note = document.createElement("p")
      note.textContent = model.note
      root.append(note)
    }
    const list = document.createElement("ol")
    model.items.forEach((item, number) => {
      const line = document.createElement("li")
      const text = document.createElement("span")
      text.textContent = item.text
      line.append(text)
      let choice = null
      if (item.choices.length > 1) {
        choice = document.createElement("select")
        choice.setAttribute("aria-label", `what to do in place of: ${item.text}`)
        item.choices.forEach((one, at) => {
          const option = document.createElement("option")
          option.value = String(at)
          option.textContent = one
          choice.append(option)
        })
        line.append(choice)
      }
      const button = document.createElement("button")
      button.type = "button"
      button.textContent = item.label
      button.setAttribute("aria-label", `${item.label}: ${item.text}`)
      button.dataset.number = String(number)
      button.addEventListener("click", () => { model.chosen = [number, choice ? Number(choice.value) : 0, Date.now()] })
      line.append(button)
      list.append(line)
    })
    root.append(list)
  }
  model.on("items", draw)
  model.on("heading", draw)
  draw()
}
