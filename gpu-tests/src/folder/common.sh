# Shared by the programs in this folder, and no program itself. In: $here (the folder), $required (for the tests).
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS _JAVA_LAUNCHER_DEBUG IFS GLOBIGNORE LANGUAGE
export LC_ALL=C.UTF-8
JAVA_HOME=$here/runtime
export JAVA_HOME
class_path=$here/tests
for jar in "$here"/lib/*.jar "$here"/harness/target/app/lib/*.jar; do class_path=$class_path:$jar; done

java() (exec_java "$@")

exec_java() {
    exec "$JAVA_HOME/bin/java" -XX:-UsePerfData --enable-native-access=ALL-UNNAMED \
        "-Djava.library.path=$here/worker/target/app/native" "-Dneurontp.root=$here" \
        "-Dneurontp.gpu.required=$required" "-Dneurontp.sim=${NEURONTP_SIM:-$here/no-stand-in}" -cp "$class_path" "$@"
}

# Says with exit code 3 why the Java of this folder does not start, which it would say itself with 1, as of a test that failed or a GPU that is
# missing.
require_java() {
    case $here in *:*)
        say "the folder $here has a colon in its name, which Java takes for the end of its path. Move it"
        exit 3
        ;;
    esac
    java_said=$("$JAVA_HOME/bin/java" -XX:-UsePerfData -version 2>&1) || {
        say "its Java does not start here, with ulimit -v $(ulimit -v): $java_said"
        exit 3
    }
}

# Sets NEURONTP_SIM's libraries, or says with exit code 2 that there are none.
require_stand_in() {
    NEURONTP_SIM=${NEURONTP_SIM:-}
    if [ ! -f "$NEURONTP_SIM/libcuda.so.1" ] || [ ! -f "$NEURONTP_SIM/libnccl.so.2" ]; then
        say "--simulation: there is no libcuda.so.1 and libnccl.so.2 in NEURONTP_SIM ('$NEURONTP_SIM')"
        exit 2
    fi
}

# Prints the comment at the top of the program.
usage() {
    while read -r line; do case $line in '#!'*) ;; '#'*) printf '%s\n' "${line#\#}" ;; *) exit 0 ;; esac done <"$0"
}
