import { ActionIcon, Kbd, Modal, Table } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useRef } from "react";

const destinations: Record<string, "/" | "/trade" | "/strategies"> = {
  o: "/",
  t: "/trade",
  s: "/strategies",
};

const help: [string[], string][] = [
  [["g", "o"], "Go to the overview"],
  [["g", "t"], "Go to trade"],
  [["g", "s"], "Go to the strategies"],
  [["?"], "This list"],
  [["Esc"], "Close what is open"],
];

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("input, textarea, select, [role=dialog]") !== null
  );
}

/** Two-key navigation and a list of the keys. No key sends an order or halts trading. */
export function ShortcutHelp() {
  const [isOpen, dialog] = useDisclosure(false);
  const navigate = useNavigate();
  const prefixedAt = useRef(0);

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const destination = destinations[event.key];
    if (event.key === "?") dialog.open();
    else if (event.key === "g") prefixedAt.current = event.timeStamp;
    else if (destination && event.timeStamp - prefixedAt.current < 1500) {
      prefixedAt.current = 0;
      void navigate({ to: destination });
    }
  });

  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      onKey(event);
    };
    window.addEventListener("keydown", listener);
    return () => {
      window.removeEventListener("keydown", listener);
    };
  }, []);

  return (
    <>
      <ActionIcon variant="default" size={30} aria-label="Keyboard shortcuts" onClick={dialog.open}>
        <span aria-hidden="true">?</span>
      </ActionIcon>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title="Keyboard shortcuts"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <Table>
          <Table.Tbody>
            {help.map(([keys, meaning]) => (
              <Table.Tr key={meaning}>
                <Table.Td>
                  {keys.map((key) => (
                    <Kbd key={key} mr={4}>
                      {key}
                    </Kbd>
                  ))}
                </Table.Td>
                <Table.Td>{meaning}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Modal>
    </>
  );
}
