/** What costs requests runs only while someone can see it. */

/**
 * Starts something each time the element comes into sight, and stops it when it goes out of sight or the page does.
 * @param start returns what stops it
 * @returns what ends all this
 */
export function whileSeen(element: Element, start: () => () => void): () => void {
  let stop: (() => void) | undefined;
  let onScreen = false;

  function decide(): void {
    const seen = onScreen && !document.hidden;
    if (seen && !stop) stop = start();
    else if (!seen && stop) {
      stop();
      stop = undefined;
    }
  }

  const observer = new IntersectionObserver((entries) => {
    onScreen = entries.at(-1)?.isIntersecting ?? false;
    decide();
  });
  observer.observe(element);
  document.addEventListener('visibilitychange', decide);
  return () => {
    observer.disconnect();
    document.removeEventListener('visibilitychange', decide);
    stop?.();
    stop = undefined;
  };
}
