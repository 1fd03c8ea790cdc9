// Logs in: the token goes to the server once, and what comes back is a cookie that no script can read.

const form = document.getElementById("login");
const said = document.getElementById("said");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  said.textContent = "";
  const token = form.elements.namedItem("token");
  try {
    const answer = await fetch("/api/v1/session", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token: token.value }),
    });
    if (answer.ok) {
      location.reload();
      return;
    }
    said.textContent = (await answer.json()).error.message;
  } catch {
    said.textContent = "the server does not answer";
  }
  token.value = "";
  token.focus();
});
