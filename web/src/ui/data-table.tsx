import { Table } from "@mantine/core";
import type { KeyboardEvent, ReactNode } from "react";

export interface Column<Row> {
  title: string;
  numeric?: boolean;
  /** Whether the cell is prose, which wraps; everything else stays on one line. */
  prose?: boolean;
  cell: (row: Row) => ReactNode;
}

interface DataTableProps<Row> {
  label: string;
  rows: Row[];
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  /** Called with the row that was clicked, or chosen by Enter. */
  onOpen?: (row: Row) => void;
  /** Greatest height in pixels before the table scrolls inside itself. */
  maxHeight?: number;
}

/** A dense table that scrolls inside itself and can be read and operated from the keyboard. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rows, columns, rowKey, onOpen, maxHeight } = props;
  return (
    <div
      className="table-scroll"
      style={maxHeight ? { maxHeight } : undefined}
      tabIndex={0}
      role="group"
      aria-label={label}
    >
      <Table highlightOnHover stickyHeader verticalSpacing={3} horizontalSpacing={8} fz="0.8125rem">
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.title} className={cellClass(column)}>
                {column.title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={rowKey(row)} {...(onOpen ? openable(row, onOpen) : {})}>
              {columns.map((column) => (
                <Table.Td key={column.title} className={cellClass(column)}>
                  {column.cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function cellClass<Row>({ numeric, prose }: Column<Row>): string | undefined {
  if (numeric) return "numeric";
  return prose ? "prose" : undefined;
}

function openable<Row>(row: Row, onOpen: (row: Row) => void) {
  return {
    className: "openable",
    tabIndex: 0,
    onClick: () => {
      onOpen(row);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== "Enter" || event.target !== event.currentTarget) return;
      event.preventDefault();
      onOpen(row);
    },
  };
}
