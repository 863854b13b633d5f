import { Button, Menu, useMantineColorScheme } from "@mantine/core";
import { useAuthState, useAuthStore } from "../auth/auth-context";
import { usePreferences } from "../ui/preferences";

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: Record<Value, string>;
  onChange: (value: Value) => void;
}

function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <Menu.RadioGroup
      value={value}
      onChange={(next) => {
        onChange(next as Value);
      }}
    >
      <Menu.Label c="dimmed">{label}</Menu.Label>
      {Object.entries<string>(options).map(([option, title]) => (
        <Menu.RadioItem key={option} value={option}>
          {title}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

/** Theme, profit colours, time zone, and the way out. */
export function SettingsMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { zone, profitColours, change } = usePreferences();
  const auth = useAuthStore();
  const state = useAuthState();
  const username = state.status === "signed_in" ? state.session.username : "";
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <Button size="xs" variant="default">
          Settings
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Choice
          label="Theme"
          value={colorScheme}
          options={{ light: "Light", dark: "Dark", auto: "As the system" }}
          onChange={setColorScheme}
        />
        <Choice
          label="Profit and loss"
          value={profitColours}
          options={{ blue_orange: "Blue and orange", green_red: "Green and red" }}
          onChange={(value) => {
            change({ profitColours: value });
          }}
        />
        <Choice
          label="Times"
          value={zone}
          options={{ exchange: "Exchange (New York)", local: "This computer", utc: "UTC" }}
          onChange={(value) => {
            change({ zone: value });
          }}
        />
        <Menu.Divider />
        <Menu.Item
          onClick={() => {
            auth.signOut();
          }}
        >
          Sign out {username}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
