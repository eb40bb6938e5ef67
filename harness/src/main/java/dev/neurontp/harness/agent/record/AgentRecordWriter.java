package dev.neurontp.harness.agent.record;

import dev.neurontp.harness.text.Shortened;
import java.io.ByteArrayOutputStream;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Makes the bytes of records. Stateless: any thread may call. */
public final class AgentRecordWriter {
    /** RS, with which a record begins: whatever stood before it on the line is not part of it. */
    static final byte RECORD_SEPARATOR = 0x1E;

    /** At most so many bytes: a pipe takes that many at once, so that another writer's bytes are never in between. */
    static final int MAX_BYTES = 4096;

    private static final int MAX_NAMES = 32;
    /** Of a reason, in characters; each may take six bytes. */
    private static final int MAX_TEXT = 256;

    private static final JsonFactory JSON = new JsonFactory();

    private AgentRecordWriter() {}

    /** One record, from its separator to its line feed. */
    public static byte[] bytes(AgentRecord record) {
        int names = MAX_NAMES;
        byte[] bytes = bytes(record, names);
        while (bytes.length > MAX_BYTES && names > 0) {
            names /= 2;
            bytes = bytes(record, names);
        }
        return bytes;
    }

    private static byte[] bytes(AgentRecord record, int names) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(RECORD_SEPARATOR);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            write(json, record, names);
            json.writeEndObject();
        }
        out.write('\n');
        return out.toByteArray();
    }

    private static void write(JsonGenerator json, AgentRecord record, int most) {
        // No switch over types: it costs 10 ms the first time.
        if (record instanceof AgentRecord.Ready ready) {
            json.writeStringProperty("agent", "ready");
            json.writeStringProperty("host", ready.host());
            json.writeStringProperty("boot_id", ready.bootId());
            json.writeStringProperty("version", ready.version());
        } else if (record instanceof AgentRecord.Hello hello) {
            json.writeStringProperty("agent", "hello");
            json.writeStringProperty("token", hello.token());
            json.writeNumberProperty("pid", hello.pid());
            json.writeNumberProperty("start_ticks", hello.startTicks());
            json.writeNumberProperty("agent_pid", hello.agentPid());
        } else if (record instanceof AgentRecord.Beat beat) {
            json.writeStringProperty("agent", "beat");
            json.writeStringProperty("token", beat.token());
            json.writeNumberProperty("rss_bytes", beat.rssBytes());
        } else if (record instanceof AgentRecord.End end) {
            json.writeStringProperty("agent", "end");
            json.writeStringProperty("token", end.token());
            json.writeNumberProperty("exit", end.exit());
            json.writeStringProperty("reason", bounded(end.reason()));
            json.writeBooleanProperty("oom_kill", end.oomKill());
            names(json, "left_behind", end.leftBehind(), most);
            names(json, "still_running", end.stillRunning(), most);
            if (!end.unseen().isEmpty()) {
                json.writeStringProperty("unseen", bounded(end.unseen()));
            }
        }
    }

    private static String bounded(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    private static void names(JsonGenerator json, String property, List<String> names, int most) {
        json.writeArrayPropertyStart(property);
        Shortened.names(names, most).forEach(json::writeString);
        json.writeEndArray();
    }
}
