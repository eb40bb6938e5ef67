package dev.neurontp.harness.text;

import dev.neurontp.worker.os.Stderr;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;

/**
 * Where the log goes: each record is one line of at most 16 Ki characters, whatever it quotes. The lines of a stack trace are
 * records too; only they begin with a tab. What is written as bytes passes as it is. Any thread may write.
 */
public final class LogStream extends PrintStream {
    private static final int LONGEST_RECORD = 16 * 1024;
    private static final String INDENT = "\t";

    /** Writes each record to {@code out} at once. */
    public LogStream(OutputStream out) {
        super(out, true, StandardCharsets.UTF_8);
    }

    /**
     * From now on System.err is such a stream: SLF4J's simple logger prints each record there, with this class's println. No
     * writer waits for whoever reads stderr: what is not read is dropped and counted ({@link Stderr}). What ends a thread is
     * such a record too.
     */
    public static void install() {
        System.setErr(new LogStream(Stderr.stream()));
        Thread.setDefaultUncaughtExceptionHandler(LogStream::threadEnded);
    }

    /** Takes its logger only when it needs one: a short command logs nothing. */
    private static void threadEnded(Thread thread, Throwable e) {
        LoggerFactory.getLogger(LogStream.class)
                .error("the thread {} ended because of a defect of this program", thread.getName(), e);
    }

    @Override
    public void println(String record) {
        boolean frame = record != null && record.startsWith(INDENT);
        String line =
                (frame ? INDENT : "") + ForeignText.of(frame ? record.substring(1) : record, LONGEST_RECORD) + "\n";
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        write(bytes, 0, bytes.length);
    }

    @Override
    public void println(Object record) {
        println(String.valueOf(record));
    }
}
