package dev.neurontp.conformance.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A small process that outlives this one by a moment. It holds the read end of a pipe whose other end only this process has:
 * when that closes, also by SIGKILL, it ends every worker that still runs, known by its mark. One a JVM; none where there is
 * no /proc. Any thread.
 */
final class Guard {

    /**
     * Its arguments are the mark and where /proc is. Several looks: a worker that is being started at that moment gets its environment a
     * little later.
     */
    static final String SCRIPT = """
            while read -r line; do :; done
            mark=$1 proc=$2
            end_if_marked() {
                marked=
                while read -r line || [ -n "$line" ]; do
                    case $line in *"$mark"*) marked=1 ;; esac
                    line=
                done <"$file"
                pid=${file#"$proc/"}
                [ -z "$marked" ] || ! kill -KILL "${pid%%/*}" || found=1
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
            [ $? = 1 ] || exit 1
            # Of a process whose first thread has ended, and that runs on, the others show the environment.
            of_threads() {
                for file in $(grep -ls ') Z ' "$proc"/[0-9]*/stat); do
                    echo "${file%stat}"task/[0-9]*/environ
                done
            }
            end_marked() {
                for file in $(limit; grep -lsz "^$mark" "$@"); do
                    pid=${file#"$proc/"}
                    kill -KILL "${pid%%/*}" 2>/dev/null
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

    private static final AtomicReference<Process> RUNNING = new AtomicReference<>();

    private Guard() {}

    /** Starts it where it does not run, or not any more. */
    static void ensure() throws IOException {
        if (!isRunning() && RunningProcesses.areOurs()) {
            start();
        }
    }

    private static boolean isRunning() {
        Process guard = RUNNING.get();
        return guard != null && guard.isAlive();
    }

    private static synchronized void start() throws IOException {
        if (isRunning()) {
            return;
        }
        // In a session of its own, so that what ends the group of this process does not end its guard.
        List<String> line = new ArrayList<>(Launch.ownSessionCommand());
        line.addAll(List.of("/bin/sh", "-c", SCRIPT, "neurontp-guard", WorkerMark.prefix(), "/proc"));
        ProcessBuilder guard = new ProcessBuilder(line)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        // Functions that a person's shell exports, which a bash that is sh would call in place of programs.
        guard.environment().keySet().removeIf(name -> name.startsWith("BASH_FUNC_"));
        RUNNING.set(DescriptorRoom.start(guard));
    }
}
