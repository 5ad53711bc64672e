// Buttons that have a file made, and hand it to the reader when it is there.

export function render({ model, el }) {
  const root = document.createElement("div")
  root.className = "files"
  const told = document.createElement("p")
  told.setAttribute("role", "status")
  for (const [kind, text] of model.offers) {
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = text
    button.dataset.kind = kind
    button.addEventListener("click", () => { model.wanted = `${kind} ${Date.now()}` })
    root.append(button)
  }
  root.append(told)
  el.append(root)
  model.on("state", () => { told.textContent = model.state })
  model.on("file", () => {
    const file = model.file
    if (!file || !file.name) return
    const bytes = Uint8Array.from(atob(file.content), (c) => c.charCodeAt(0))
    const link = document.createElement("a")
    link.href = URL.createObjectURL(new Blob([bytes], { type: file.kind }))
    link.download = file.name
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10000)
  })
}
