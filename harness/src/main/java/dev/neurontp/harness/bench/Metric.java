package dev.neurontp.harness.bench;

/** What is measured of one process. */
public enum Metric {
    FIRST_REPLY("first_reply_ms", "spawn to first reply, ms"),
    FIRST_50("pings_1_to_50_us", "pings 1 to 50, us"),
    FIRST_500("pings_1_to_500_us", "pings 1 to 500, us"),
    WARM("pings_warm_us", "last 1000 of 4000, us"),
    CPU("cpu_ms", "CPU of pings 1 to 500, ms"),
    SWITCHES("switches", "switches a ping"),
    CALLS("reads_and_writes", "reads and writes a ping"),
    RESIDENT("resident_mib", "resident, MiB"),
    TERMINATED("sigterm_ms", "SIGTERM to exit, ms"),
    LEFT("shutdown_ms", "shutdown to exit, ms");

    private final String field;
    private final String title;

    Metric(String field, String title) {
        this.field = field;
        this.title = title;
    }

    /** Its name in JSON, with the unit. */
    public String field() {
        return field;
    }

    /** Its name for people, with the unit. */
    public String title() {
        return title;
    }
}
