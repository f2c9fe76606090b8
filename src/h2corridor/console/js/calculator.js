// The form of the calculator: an example or a file goes into it; what stands in it is posted, nothing is kept.

const fields = document.querySelector(".calculator").elements;
const opened = document.querySelector("#chain-file");

fields.example.addEventListener("change", () => {
    fields.chain.value = fields.example.selectedOptions[0].dataset.document;
});

opened.addEventListener("change", async () => {
    const [file] = opened.files;
    if (file) fields.chain.value = await file.text();
});
