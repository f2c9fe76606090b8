// Lists that can be narrowed: by words and by the value of a field.

for (const bar of document.querySelectorAll("[data-filter]")) {
  const list = document.getElementById(bar.dataset.filter);
  const items = [...list.querySelectorAll("[data-filter-item]")];
  const texts = items.map((item) => item.textContent.toLowerCase());
  const words = bar.querySelector("[data-filter-words]");
  const fields = [...bar.querySelectorAll("[data-filter-field]")];
  const none = list.parentElement.querySelector("[data-filter-none]");

  const narrow = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    items.forEach((item, number) => {
      const fits =
        wanted.every((word) => texts[number].includes(word)) &&
        fields.every((field) => !field.value || item.dataset[field.dataset.filterField] === field.value);
      item.hidden = !fits;
      count += fits ? 1 : 0;
    });
    for (const section of list.querySelectorAll("[data-filter-section]")) {
      section.hidden = !section.querySelector("[data-filter-item]:not([hidden])");
    }
    bar.querySelector("[data-filter-count]").textContent = count;
    none.hidden = count > 0;
  };

  bar.addEventListener("input", narrow);
  narrow();
}
