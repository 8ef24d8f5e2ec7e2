// Says five minutes before that a sign-in ends, and lets it go on. What is typed stays on the page in any case: sent
// after the end, the service keeps it and gives it back after signing in again.

const dialog = document.getElementById("life");
const says = dialog.querySelector("[data-says]");
const button = dialog.querySelector("[data-stay]");
const form = dialog.querySelector("form");
const seconds = (name) => Number(dialog.dataset[name]) * 1000;
const end = Date.now() + seconds("lasts");
const used = "BroadcastChannel" in window ? new BroadcastChannel("used") : null;

let usedAt = Date.now();
let signedOut = false;
let dismissed = false;

const minutes = (left) => {
  const whole = Math.max(1, Math.ceil(left / 60000));
  return whole === 1 ? "1 minute" : `${whole} minutes`;
};

const say = (words) => {
  if (says.textContent !== words) {
    says.textContent = words;
  }
};

const noteUse = () => {
  usedAt = Date.now();
  dismissed = false;
  dialog.close();
};

const look = () => {
  if (signedOut) {
    return;
  }
  const idleLeft = usedAt + seconds("idle") - Date.now();
  const lastLeft = end - Date.now();
  const left = Math.min(idleLeft, lastLeft);
  if (left <= 0) {
    signedOut = true;
    say("You are signed out. What you typed is still here: send it, sign in again, and go on where you were.");
    button.textContent = "Close";
  } else if (left <= seconds("warned")) {
    const goesOn = idleLeft < lastLeft;
    button.textContent = goesOn ? "Stay signed in" : "Close";
    say(
      goesOn
        ? `Nothing was done here for some time. You are signed out in ${minutes(left)}, and nothing that you typed is lost.`
        : `A sign-in ends after 8 hours. You are signed out in ${minutes(left)}: send now what you are writing, or send it later and sign in again.`,
    );
  } else {
    return;
  }
  if (!dialog.open && (!dismissed || signedOut)) {
    dialog.showModal();
    button.focus();
  }
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (button.textContent === "Close") {
    dismissed = true;
    dialog.close();
    return;
  }
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
  if (answer.status === 204) {
    noteUse();
    used?.postMessage("used");
  } else {
    signedOut = true;
    say("You are signed out. What you typed is still here: send it, sign in again, and go on where you were.");
    button.textContent = "Close";
  }
});

dialog.addEventListener("cancel", () => {
  dismissed = true;
});
document.body.addEventListener("htmx:afterRequest", () => {
  noteUse();
  used?.postMessage("used");
});
used?.addEventListener("message", noteUse);
used?.postMessage("used");
setInterval(look, 5000);
