package dev.neurontp.conformance.mutant;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/** The mutant worker's serve loop; it returns the exit code. */
final class MutantLoop {

    private static final int CAP = 64 * 1024;

    private final InputStream in;
    private final MutantOutput out;
    private final MutantRequests requests;
    private final Faults faults;
    private final boolean cuts;
    private int served;
    private boolean deaf;

    MutantLoop(InputStream in, MutantOutput out, MutantRequests requests, Faults faults) {
        this.in = in;
        this.out = out;
        this.requests = requests;
        this.faults = faults;
        this.cuts = faults.has("cuts-at-64k");
    }

    int run() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            while (true) {
                int b = in.read();
                if (b < 0) {
                    return endOfInput(line);
                }
                boolean endOfRead = b != '\n' && faults.has("read-is-a-line") && in.available() == 0;
                if (b == '\n' || endOfRead) {
                    if (b != '\n') {
                        line.write(b);
                    }
                    byte[] bytes = line.toByteArray();
                    line.reset();
                    if (serve(bytes)) {
                        return shutdown();
                    }
                    if (in.available() == 0) {
                        out.idle();
                    } else if (faults.has("drops-pipelined")) {
                        in.skipNBytes(in.available());
                    }
                } else if (!cuts || line.size() < CAP) {
                    line.write(b);
                }
            }
        } catch (IOException e) {
            System.err.println("cannot write: " + e.getMessage());
            if (faults.has("swallows-write-errors")) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
            return faults.has("exit-0-without-reader") ? 0 : faults.has("exit-3-without-reader") ? 3 : 1;
        }
    }

    /** Serves one line; true at shutdown. */
    private boolean serve(byte[] bytes) throws IOException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            if (faults.has("dies-at-bad-utf8")) {
                System.err.println("stream did not contain valid UTF-8");
                MutantWorker.exit(1);
            }
            if (faults.has("skips-bad-utf8")) {
                return false;
            }
            if (!faults.has("takes-bad-utf8")) {
                out.reply(requests.error("bad_request", "not UTF-8"));
                return false;
            }
            text = new String(bytes, StandardCharsets.UTF_8);
        }
        if (faults.has("takes-bom") && text.startsWith("\ufeff")) {
            text = text.substring(1);
        }
        if (faults.has("splits-at-line-separators") && text.indexOf('\u2028') >= 0) {
            for (String part : text.split("[\u2028\u2029]", -1)) {
                out.reply(requests.handle(part));
            }
            return false;
        }
        boolean blank = text.chars().allMatch(c -> c == ' ' || c == '\t' || c == '\r')
                || (faults.has("unicode-blanks") && text.isBlank());
        if (blank && faults.has("ends-at-blank-line")) {
            out.end();
            MutantWorker.exit(0);
        }
        if ((blank && !faults.has("answers-blank-lines")) || deaf) {
            return false;
        }
        if (faults.has("slow-replies")) {
            LockSupport.parkNanos(2_000_000L);
        }
        if (faults.has("hesitates") && served % 100 == 99) {
            LockSupport.parkNanos(150_000_000L);
        }
        if (faults.has("chatters")) {
            System.err.println("request of " + text.length() + " characters");
        }
        String reply = requests.handle(text);
        boolean bye = reply.contains("\"bye\"");
        if (!bye || !faults.has("no-bye")) {
            out.reply(reply);
        }
        boolean error = reply.contains("\"op\":\"error\"") && !reply.contains("not_implemented");
        if (error && faults.has("dies-on-error")) {
            MutantWorker.exit(1);
        }
        deaf = error && faults.has("deaf-after-error");
        if (++served == 1000 && faults.has("dies-after-1000")) {
            MutantWorker.exit(1);
        }
        return bye;
    }

    private int shutdown() throws IOException {
        if (faults.has("bye-and-hang")) {
            while (true) {
                LockSupport.park();
            }
        }
        if (faults.has("waits-for-eof")) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        if (faults.has("answers-after-bye")) {
            while (in.available() > 0) {
                if (in.read() == '\n') {
                    out.reply(requests.error("bad_request", "shutting down"));
                }
            }
        }
        if (faults.has("closes-stdin-after-bye")) {
            in.close();
            LockSupport.parkNanos(200_000_000L);
        }
        if (faults.has("slow-exit")) {
            LockSupport.parkNanos(1_700_000_000L);
        }
        out.end();
        if (faults.has("floods-stderr-at-end")) {
            Habits.floodStderr();
        }
        return faults.has("bye-and-exit-1") ? 1 : 0;
    }

    private int endOfInput(ByteArrayOutputStream line) throws IOException {
        if (line.size() > 0 && !faults.has("drops-last-line")) {
            serve(line.toByteArray());
        }
        if (faults.has("ignores-eof")) {
            out.idle();
            while (true) {
                LockSupport.park();
            }
        }
        if (faults.has("bye-at-eof")) {
            out.reply("{\"op\":\"bye\"}");
        }
        if (faults.has("slow-at-eof")) {
            LockSupport.parkNanos(1_200_000_000L);
        }
        out.end();
        if (faults.has("floods-stderr-at-end")) {
            Habits.floodStderr();
        }
        return faults.has("exit-1-at-eof") ? 1 : 0;
    }
}
