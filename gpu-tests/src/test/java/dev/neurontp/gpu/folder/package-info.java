/** {@code run-all} of the folder for GPU hosts: every part within its bound, and one archive of all reports. */
package dev.neurontp.gpu.folder;
