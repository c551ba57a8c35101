// Runs on every page. Pages work without it; it adds focus, keys, live notes and kept text.

import "htmx.org";

import "./autosave.js";
import "./inbox.js";
import "./toast.js";

import { lookAhead } from "./parts/ahead.js";
import { countAnswers } from "./parts/answered.js";
import { listenForKeys } from "./parts/keys.js";
import { keepTypedText } from "./parts/kept.js";
import { countCharacters } from "./parts/counting.js";
import { offerCopies } from "./parts/copying.js";
import { refuseLargeFiles } from "./parts/files.js";
import { focusFirstProblem } from "./parts/problems.js";
import { closeMenusOutside } from "./parts/menus.js";
import { refreshQuestions } from "./parts/refreshing.js";
import { listenForDialogs, offerPalette } from "./parts/palette.js";
import { sendOnce } from "./parts/sending.js";
import { showPresentStep } from "./parts/drawings.js";

document.documentElement.classList.add("has-scripts");
focusFirstProblem();
closeMenusOutside();
sendOnce();
keepTypedText();
countCharacters();
countAnswers();
refuseLargeFiles();
offerCopies();
refreshQuestions();
lookAhead();
showPresentStep();
offerPalette();
listenForDialogs();
listenForKeys();
