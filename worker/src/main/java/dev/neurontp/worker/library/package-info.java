/** Native libraries that are found at run time: where they are looked for, how they are opened and called. */
package dev.neurontp.worker.library;
