package dev.neurontp.harness.agent.record;

import dev.neurontp.harness.text.ForeignText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the object of a record. A newer agent may say more: what is not known is skipped. All text is bounded and cleaned. Stateless: any
 * thread may call.
 */
final class AgentRecordParser {
    private static final JsonFactory JSON = new JsonFactory();

    /** The kernel's (PID_MAX_LIMIT, 2^22). */
    private static final long LAST_PID = 1 << 22;

    private static final int LAST_EXIT_CODE = 255;

    private final Map<String, String> words = new HashMap<>();
    private final Map<String, Long> numbers = new HashMap<>();
    private final Map<String, List<String>> lists = new HashMap<>();
    private boolean oomKill;

    private AgentRecordParser() {}

    /** Empty where these bytes are no record. */
    static Optional<AgentRecord> parse(byte[] bytes, int offset, int length) {
        AgentRecordParser parser = new AgentRecordParser();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), bytes, offset, length)) {
            return json.nextToken() == JsonToken.START_OBJECT && parser.readObject(json) && json.nextToken() == null
                    ? parser.meaning()
                    : Optional.empty();
        } catch (JacksonException | ArithmeticException _) {
            return Optional.empty();
        }
    }

    private boolean readObject(JsonParser json) {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            switch (json.nextToken()) {
                case VALUE_STRING -> words.put(name, ForeignText.of(json.getString(), ForeignText.NAME));
                case VALUE_NUMBER_INT -> numbers.put(name, json.getLongValue());
                case VALUE_TRUE -> oomKill |= name.equals("oom_kill");
                case START_ARRAY -> lists.put(name, strings(json));
                case null -> {
                    return false;
                }
                default -> json.skipChildren();
            }
        }
        return json.currentToken() == JsonToken.END_OBJECT;
    }

    private static List<String> strings(JsonParser json) {
        List<String> found = new ArrayList<>();
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token == null) {
                return found;
            }
            if (token == JsonToken.VALUE_STRING) {
                found.add(ForeignText.of(json.getString(), ForeignText.NAME));
            } else {
                json.skipChildren();
            }
        }
        return found;
    }

    private Optional<AgentRecord> meaning() {
        String token = words.getOrDefault("token", "");
        return switch (words.getOrDefault("agent", "")) {
            case "ready" ->
                Optional.of(new AgentRecord.Ready(
                        words.getOrDefault("host", ""),
                        words.getOrDefault("boot_id", ""),
                        words.getOrDefault("version", "")));
            case "hello" ->
                is("pid", 1, LAST_PID) && is("start_ticks", 0, Long.MAX_VALUE) && isLeftOutOr("agent_pid", LAST_PID)
                        ? Optional.of(new AgentRecord.Hello(
                                token,
                                numbers.get("pid"),
                                numbers.get("start_ticks"),
                                numbers.getOrDefault("agent_pid", 0L)))
                        : Optional.empty();
            case "beat" ->
                isLeftOutOr("rss_bytes", Long.MAX_VALUE)
                        ? Optional.of(new AgentRecord.Beat(token, numbers.getOrDefault("rss_bytes", 0L)))
                        : Optional.empty();
            case "end" ->
                is("exit", 0, LAST_EXIT_CODE)
                        ? Optional.of(new AgentRecord.End(
                                token,
                                Math.toIntExact(numbers.get("exit")),
                                words.getOrDefault("reason", ""),
                                oomKill,
                                lists.getOrDefault("left_behind", List.of()),
                                lists.getOrDefault("still_running", List.of()),
                                words.getOrDefault("unseen", "")))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private boolean is(String name, long least, long most) {
        Long number = numbers.get(name);
        return number != null && number >= least && number <= most;
    }

    private boolean isLeftOutOr(String name, long most) {
        return !numbers.containsKey(name) || is(name, 0, most);
    }
}
