/** A dialog of the browser's own: it keeps the focus inside, Escape closes it, and the focus returns. */
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before it is painted: a key that is pressed as soon as it is seen is the dialog's
  useLayoutEffect(() => {
    const element = dialog.current!;
    element.showModal();
    return () => element.close(); // gives the focus back, which nothing outside can take as long as it is open
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

interface ConfirmProps {
  readonly title: string;
  /** What the button says. */
  readonly verb: string;
  /** `danger`, the default, for what cannot be undone. */
  readonly tone?: 'danger' | 'primary';
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Asks first. Before what cannot be undone, the button that does nothing has the focus. */
export function Confirm({ title, verb, tone = 'danger', onConfirm, onClose, children }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <div class="dialog-end">
        <button type="button" autofocus={tone === 'danger'} onClick={onClose}>
          Cancel
        </button>
        <button type="button" class={tone} autofocus={tone === 'primary'} onClick={onConfirm}>
          {verb}
        </button>
      </div>
    </Dialog>
  );
}
