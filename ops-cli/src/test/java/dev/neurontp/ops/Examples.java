package dev.neurontp.ops;

/** What a daemon says, as docs/openapi.yaml shows it. */
public final class Examples {
    private Examples() {}

    public static String pools(String... pools) {
        return "{\"pools\":[" + String.join(",", pools) + "]}";
    }

    public static String summary(String id, String state, String reason) {
        return """
                {"id":"%s","epoch":1,"state":"%s","world_size":2,"communicator":"loopback",
                 "created":"2026-03-01T09:30:00.123Z","pids":[4711,4712],"busy":null,"reason":%s}""".formatted(id, state, reason == null ? "null" : "\"" + reason + "\"");
    }

    public static String operation(String id, String op, String state, String result, String error) {
        return """
                {"id":"op-2","pool":"%s","op":"%s","state":"%s","asked":"2026-03-01T09:30:03.000Z",
                 "started":"2026-03-01T09:30:03.000Z","ended":null,"limit_ms":5000,"result":%s,"error":%s,
                 "a_field_to_come":{"x":[1]}}""".formatted(id, op, state, result, error);
    }

    public static String pong(String id) {
        return operation(id, "ping", "done", """
                {"took_ms":0.44,"ranks":[{"rank":0,"pid":4711,"took_ms":0.41},{"rank":1,"pid":4712,"took_ms":0.44}]}""", "null");
    }

    public static String bye(String id, boolean clean) {
        return ended(id, "shutdown", clean);
    }

    /** {@code op} is {@code shutdown}, {@code end} or {@code forget}. */
    public static String ended(String id, String op, boolean clean) {
        return operation(id, op, "done", """
                {"took_ms":58.0,"clean":%s,"gone":true,"ends":[{"rank":0,"pid":4711,"bye":true,"exit_code":0,"gone":true,
                 "steps":["shutdown"],"out_of_memory":false,"left_behind":[],"took_ms":55.2,"text":"bye, exit 0"}]}""".formatted(clean), "null");
    }

    public static String failedPool(String id) {
        return """
                {"id":"%s","epoch":1,"state":"failed","world_size":2,"communicator":"loopback","command":["neuron"],
                 "created":"2026-03-01T09:30:00.123Z","ended":"2026-03-01T09:31:00Z","busy":null,
                 "reason":"ping failed on rank 1","failure":{"text":"ping failed on rank 1 (pid 4712): its end: exit 137 (SIGKILL)",
                   "ranks":[{"rank":1,"pid":4712,"op":"ping","elapsed_ms":1200.0,"reason":"its process ended",
                     "end":"exit 137 (SIGKILL)","error_kind":null,"error_message":null,"stderr":["last \\u001b[31mwords"]}]},
                 "ranks":[{"rank":0,"pid":4711,"start_ticks":1,"boot_id":"b","started":"2026-03-01T09:30:00Z","device":0,
                   "state":"gone","last_pong":null,"round_trip_ms":null,"memory":{"rss_bytes":null,"gpu_used_mb":null},
                   "stderr":[],"end":null}]}""".formatted(id);
    }
}
