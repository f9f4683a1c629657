// The whole page by keyboard: "/" to the box, j and k (or the arrows) from one paper to the next, Enter follows a link.

const box = () => document.getElementById("q");
const steps = () => [...document.querySelectorAll(".step")].filter((step) => step.checkVisibility());

function move(by) {
  const all = steps();
  const at = all.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : -1) : at + by;
  if (next < 0) {
    box()?.focus();
  } else if (next < all.length) {
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const typing = event.target instanceof HTMLInputElement;
  if (event.key === "/" && !typing) {
    if (box()) box().select();
    else location.assign("/");
  } else if (event.key === "Escape") {
    if (typing) box().blur();
    else box()?.focus();
  } else if (event.key === "ArrowDown" || (event.key === "j" && !typing)) {
    move(1);
  } else if ((event.key === "ArrowUp" || event.key === "k") && !typing) {
    move(-1);
  } else {
    return;
  }
  event.preventDefault();
});
