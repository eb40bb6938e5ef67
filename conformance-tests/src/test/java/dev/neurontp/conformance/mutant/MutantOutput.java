package dev.neurontp.conformance.mutant;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/** The mutant worker's stdout. */
final class MutantOutput {

    private final OutputStream out;
    private final Faults faults;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private String late;

    MutantOutput(OutputStream out, Faults faults) {
        this.out = out;
        this.faults = faults;
    }

    void start() throws IOException {
        if (faults.has("log-at-start")) {
            raw("INFO worker starts\n");
        }
        if (faults.has("json-log-at-start")) {
            raw("{\"level\":\"info\",\"message\":\"worker starts\"}\n");
        }
        if (faults.has("nccl-debug-on-stdout") && System.getenv("NCCL_DEBUG") != null) {
            raw("host:1:1 [0] NCCL INFO Bootstrap : Using lo:127.0.0.1<0>\n");
        }
    }

    void reply(String json) throws IOException {
        String line = json;
        if (faults.has("bom")) {
            line = "\ufeff" + line;
        }
        if (faults.has("pretty")) {
            line = line.replace("{", "{\n  ").replace("\",\"", "\",\n  \"").replace("}", "\n}");
        }
        if (faults.has("spaced")) {
            line = line.replace(":", ": ");
        }
        if (faults.has("cr-inside")) {
            line = line.replace("\":", "\":\r");
        }
        line += faults.has("crlf") ? "\r\n" : "\n";
        if (faults.has("out-of-order") && late == null) {
            late = line;
            return;
        }
        send(line);
        if (late != null) {
            send(late);
            late = null;
        }
        if (faults.has("two-replies")) {
            send(line);
        }
        if (faults.has("blank-line-after-reply")) {
            send("\n");
        }
    }

    /** Nothing more is there to read at the moment. */
    void idle() throws IOException {
        if (late != null) {
            send(late);
            late = null;
        }
    }

    void end() throws IOException {
        idle();
        out.write(held.toByteArray());
        if (faults.has("log-at-exit")) {
            raw("INFO worker ends\n");
        }
        out.flush();
        if (faults.has("closes-stdout-first")) {
            out.close();
            LockSupport.parkNanos(200_000_000L);
        }
    }

    private void send(String line) throws IOException {
        if (faults.has("no-flush")) {
            held.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        } else {
            raw(line);
        }
    }

    private void raw(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (faults.has("pauses-in-replies")) {
            int piece = bytes.length / 3 + 1;
            for (int from = 0; from < bytes.length; from += piece) {
                out.write(bytes, from, Math.min(piece, bytes.length - from));
                out.flush();
                LockSupport.parkNanos(300_000L);
            }
            return;
        }
        if (faults.has("split-writes")) {
            for (byte b : bytes) {
                out.write(b);
                out.flush();
            }
        } else {
            out.write(bytes);
        }
    }
}
