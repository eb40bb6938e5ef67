package dev.neurontp.harness.process;

import dev.neurontp.worker.os.ExitHook;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Ends starts that hang. A start returns once the JDK's helper, a child of this process, has become the program; it never does where the
 * file system of the program, or of the interpreter that its first line names, answers nothing. Any thread.
 */
final class HungStarts {
    /** The JDK's helper; a child that has become its program has another name. */
    private static final String HELPER = "jspawnhelper";

    /** Looks, and not time: this process may have been stopped. A helper needs milliseconds, on a very busy host more. */
    private static final int MOST_LOOKS = 10;

    private static final SecondsWatch WATCH = new SecondsWatch("start-watch", HungStarts::look, HungStarts::areRunning);
    /** This process takes those along that hang when it ends. */
    private static final ExitHook AT_EXIT = new ExitHook("hung-starts", HungStarts::endAll);

    /** How often each helper was there; of the thread that looks. */
    private static final Map<ProcessIdentity, Integer> LOOKS = new HashMap<>();

    /** Both below are guarded by it. */
    private static final Object LOCK = new Object();

    private static final Set<Long> ENDED = new HashSet<>();
    private static int running;

    private HungStarts() {}

    /**
     * Runs a start, for 10 s or little longer. Where the host gives no thread that watches it, it is not bounded.
     *
     * @throws IOException when it was ended, or of the start
     */
    static Process bounded(String program, DescriptorRoom.Start<Process> start) throws IOException {
        begin();
        try {
            Process process = start.run();
            if (wasEnded(process.pid())) {
                throw new IOException("Cannot run program \"" + program + "\": its start has not returned for "
                        + MOST_LOOKS + " s and was ended, the file system of it, or of what its first line (#!) names,"
                        + " answers nothing");
            }
            return process;
        } finally {
            synchronized (LOCK) {
                running--;
                if (running == 0) {
                    ENDED.clear(); // also of starts that have thrown: a pid is given out again
                }
            }
        }
    }

    /** Where the host gives no thread the start itself, which needs one too, says so. */
    private static void begin() {
        synchronized (LOCK) {
            running++;
        }
        AT_EXIT.install();
        WATCH.begin();
    }

    private static boolean wasEnded(long pid) {
        synchronized (LOCK) {
            return ENDED.remove(pid);
        }
    }

    private static void look() {
        List<ProcessIdentity> helpers = helpers();
        LOOKS.keySet().retainAll(helpers);
        helpers.forEach(helper -> LOOKS.merge(helper, 1, Integer::sum));
        LOOKS.forEach((helper, times) -> {
            if (times > MOST_LOOKS) {
                end(helper);
            }
        });
    }

    private static boolean areRunning() {
        synchronized (LOCK) {
            return running > 0;
        }
    }

    private static void end(ProcessIdentity helper) {
        synchronized (LOCK) {
            ENDED.add(helper.pid());
        }
        helper.kill();
    }

    private static List<ProcessIdentity> helpers() {
        long self = ProcessHandle.current().pid();
        return ProcessTable.read().processes().stream()
                .filter(process -> process.parent() == self && process.name().equals(HELPER) && !process.zombie())
                .map(ProcStat::identity)
                .toList();
    }

    private static void endAll() {
        if (areRunning()) {
            helpers().forEach(ProcessIdentity::kill);
        }
    }
}
