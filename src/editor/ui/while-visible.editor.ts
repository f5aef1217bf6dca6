/** Work that costs requests runs only while its element is visible. */

/**
 * Calls `start` each time the element becomes visible, and the function it returned when the element or the page is hidden.
 * @returns stops the observation
 */
export function whileVisible(element: Element, start: () => () => void): () => void {
  let stop: (() => void) | undefined;
  let onScreen = false;

  function update(): void {
    const isVisible = onScreen && !document.hidden;
    if (isVisible && !stop) stop = start();
    else if (!isVisible && stop) {
      stop();
      stop = undefined;
    }
  }

  const observer = new IntersectionObserver((entries) => {
    onScreen = entries.at(-1)?.isIntersecting ?? false;
    update();
  });
  observer.observe(element);
  document.addEventListener('visibilitychange', update);
  return () => {
    observer.disconnect();
    document.removeEventListener('visibilitychange', update);
    stop?.();
    stop = undefined;
  };
}
