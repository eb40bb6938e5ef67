package dev.neurontp.harness.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A small process for a leader whose workers may be any program, also one that ignores the end of its input. It holds the read
 * end of a pipe whose other end only this process has: when that closes, also by SIGKILL, it ends whatever this process has
 * started and that still runs, known by its {@link ProcessMark}. One a JVM; none where there is no /proc of this pid namespace. Any thread.
 */
public final class WorkerGuard {
    /**
     * Its arguments are the mark, where /proc is, and for how many seconds what still runs may end by itself. Several looks: a worker
     * that is being started at that moment gets its environment a little later. A signal to the group of a terminal must not end the guard first where it could get no session of its own.
     */
    static final String SCRIPT = """
            trap '' HUP INT TERM
            while read -r line; do :; done
            mark=$1 proc=$2 grace=$3
            end_if_marked() {
                marked=
                while read -r line || [ -n "$line" ]; do
                    case $line in *"$mark"*) marked=1 ;; esac
                    line=
                done <"$file"
                pid=${file#"$proc/"}
                pid=${pid%%/*}
                [ -z "$marked" ] || [ "$pid" = $$ ] || ! kill -KILL "$pid" || found=1
            }
            # Of a process whose first thread has ended, and that runs on, the others show the environment.
            by_threads() {
                line=
                read -r line <"$1"
                case $line in *') Z '*) ;; *) return ;; esac
                for file in "${1%stat}"task/[0-9]*/environ; do
                    end_if_marked
                done
            }
            # By the shell alone: for a host that gives no process any more, where the shell ends at its next step, or that has no such grep.
            end_alone() {
                [ "$1" != 0 ] || return
                found=1 look=0
                while [ -n "$found" ] && [ "$look" -lt 200 ]; do
                    found= look=$((look + 1))
                    for file in "$proc"/[0-9]*/environ; do
                        end_if_marked
                    done
                    for stat in "$proc"/[0-9]*/stat; do
                        by_threads "$stat"
                    done
                done
            }
            # A process may have terabytes shown as its environment: 2 s of CPU time and a gigabyte for each look.
            limit() {
                ulimit -t 2
                ulimit -v 1000000
            } 2>/dev/null
            trap 'end_alone $?' EXIT
            grep -sz . /dev/null
            [ $? = 1 ] || { sleep "$grace"; exit 1; }
            # Of a process whose first thread has ended, and that runs on, the others show the environment.
            of_threads() {
                for file in $(grep -ls ') Z ' "$proc"/[0-9]*/stat); do
                    echo "${file%stat}"task/[0-9]*/environ
                done
            }
            # With what was there before it began to look, so not with itself.
            some_marked() {
                # Without a limit on memory: a look that ends early would find nobody.
                for file in $(ulimit -t 2; grep -lsz "^$mark" "$@"); do
                    pid=${file#"$proc/"}
                    pid=${pid%%/*}
                    [ "$pid" = $$ ] || ! kill -0 "$pid" 2>/dev/null || return 0
                done
                return 1
            }
            while [ "$grace" -gt 0 ]; do
                some_marked "$proc"/[0-9]*/environ $(of_threads) &
                sleep 1
                kill -0 $! 2>/dev/null || wait $! || break
                grace=$((grace - 1))
            done
            end_marked() {
                for file in $(limit; grep -lsz "^$mark" "$@"); do
                    pid=${file#"$proc/"}
                    pid=${pid%%/*}
                    [ "$pid" = $$ ] || kill -KILL "$pid" 2>/dev/null
                done
            }
            # An environment that cannot be read, as of a process that the kernel holds up, keeps none of the others from being looked at.
            look_at() {
                end_marked "$@" &
                sleep 0.2 2>/dev/null || sleep 1
                kill -0 $! 2>/dev/null || return
                for file do
                    end_marked "$file" &
                done
            }
            look=0
            while [ "$look" -lt 5 ]; do
                files= count=0
                for file in "$proc"/[0-9]*/environ $(of_threads); do
                    files="$files $file" count=$((count + 1))
                    if [ "$count" = 250 ]; then
                        look_at $files &
                        files= count=0
                    fi
                done
                look_at $files &
                wait
                look=$((look + 1))
            done
            """;

    /** For the workers of a leader that is gone, in whatever they are (L5: 10 s), and for launchers to pass on the end. */
    private static final Duration GRACE = Duration.ofSeconds(12);

    /** It is no child that anybody looks for: the next leader would take it for something that a worker has left. */
    private static final String OWN_VARIABLE = "NEURONTP_GUARD_MARK";

    private static Optional<ChildProcess> running = Optional.empty();

    private WorkerGuard() {}

    /**
     * Starts it where it does not run, or not any more.
     *
     * @throws IOException when it cannot be started
     */
    public static synchronized void ensure() throws IOException {
        ensure(ProcessMark.VARIABLE, Duration.ZERO);
    }

    /**
     * The same for a leader of which others may want to know how its workers ended: they have 12 seconds to end by themselves. It goes
     * earlier where none is left.
     *
     * @throws IOException when it cannot be started
     */
    public static synchronized void ensureWithGrace() throws IOException {
        ensure(ProcessMark.VARIABLE, GRACE);
    }

    /** The same for what is marked by a variable of that name; the first call counts. */
    public static synchronized void ensure(String variable) throws IOException {
        ensure(variable, Duration.ZERO);
    }

    private static void ensure(String variable, Duration grace) throws IOException {
        if (running.filter(guard -> guard.process().isAlive()).isEmpty() && ProcFile.isOurs()) {
            // What ends the group of this process, by SIGKILL too, does not end its guard.
            List<String> command = WorkerCommand.of(List.of(
                            "/bin/sh",
                            "-c",
                            SCRIPT,
                            "neurontp-guard",
                            ProcessMark.ofThisProcess(variable),
                            "/proc",
                            Long.toString(grace.toSeconds())))
                    .inOwnSession();
            ProcessBuilder guard =
                    new ProcessBuilder(command).redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD);
            // Functions that a person's shell exports, which a bash that is sh would call in place of programs.
            guard.environment().keySet().removeIf(name -> name.startsWith("BASH_FUNC_"));
            running = Optional.of(ChildProcess.start(guard, OWN_VARIABLE));
        }
    }

    /** Ends it: for a process whose children have ended. The next call of {@link #ensure} starts another. */
    public static synchronized void dismiss() {
        running.ifPresent(guard -> guard.process().destroyForcibly());
        running = Optional.empty();
    }
}
