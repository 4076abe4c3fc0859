// Lets the keyboard reach what the pointer can: covered spoilers, and code and tables wider than their column.
for (const part of document.querySelectorAll(".spoiler, .words pre, .words table")) {
  if (part.matches(".spoiler") || part.scrollWidth > part.clientWidth) part.tabIndex = 0;
}
