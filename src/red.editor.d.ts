import type { RED as EditorRED } from '@node-red/editor-client';

declare global {
  /** The editor API of Node-RED. */
  const RED: EditorRED;
}

/** What Node-RED's published types lack, or declare less precisely. */
declare module '@node-red/editor-client' {
  interface Nodes {
    /** Calls back for every node until the callback returns false. */
    eachNode(callback: (node: NodeInstance) => boolean): void;
    /** Calls back for every config node until the callback returns false. */
    eachConfig(callback: (node: NodeInstance) => boolean): void;
    filterNodes(filter: Partial<NodeInstance>): NodeInstance[];
    node(id: string): NodeInstance | null;
  }

  interface Workspaces {
    /** The id of the tab that is shown. */
    active(): string;
  }

  interface Utils {
    /** @returns true if the value is valid; otherwise false or the error message */
    validateTypedProperty(value: string, type: string, options: object): boolean | string;
  }

  interface WidgetTypedInputTypeDefinition {
    /** Renders the value in place of the text field; called after each change of the value. */
    valueLabel?(this: { value(value: string): void }, container: JQuery, value: string): void;
  }

  interface Clipboard {
    /** @param target the element beside which `message` is shown afterwards */
    copyText(text: string, target: JQuery, message: string): boolean;
  }

  /** A shown notification. */
  interface Notification {
    close(): void;
  }

  /** A button of a notification. */
  interface NotificationButton {
    text: string;
    class?: string;
    click(): void;
  }

  /** Options of a notification. */
  interface NotificationOptions {
    type?: NotificationType;
    /** Whether it stays until `close`. */
    fixed?: boolean;
    modal?: boolean;
    buttons?: NotificationButton[];
  }

  interface Notifications {
    notify(message: JQuery, options: NotificationOptions): Notification;
  }

  interface RED {
    tourGuide: {
      /** @param path the URL of a module that exports the tour */
      run(path: string): void;
    };
  }
}
