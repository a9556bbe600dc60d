#!/bin/sh
# Uses a sandbox on another machine with nothing but curl. There, start it with
#
#   python -m scaleapi.sandbox --host 0.0.0.0 --port 8080 --allow-host scale.example --https
#
# and here, run
#
#   sh examples/curl.sh https://scale.example:8080
#
# Options for curl may follow, such as --resolve scale.example:8080:192.0.2.7.
set -eu

url=$1
shift
options="$*"
key=${SCALE_API_KEY:-test_sandbox_key}
certificate=$(mktemp)
trap 'rm -f "$certificate"' EXIT

# The certificate is made at each start of the sandbox, so it has to be fetched before it is trusted.
# shellcheck disable=SC2086
curl --silent --show-error --fail --insecure $options "$url/_sandbox/certificate" >"$certificate"

call() {
    path=$1
    shift
    # shellcheck disable=SC2086
    curl --silent --show-error --fail --cacert "$certificate" --user "$key:" $options "$@" "$url$path"
    echo
}
json='Content-Type: application/json'

call /_sandbox/health
call /_sandbox/clock --header "$json" --data '{"advance": 60}'

# Bodies from a pipe have no length: curl sends them in chunks.
echo '{"name": "parcels", "type": "imageannotation"}' |
    call /v1/projects --request POST --header "$json" --upload-file -
echo '{
    "project": "parcels",
    "attachment": "https://example.com/belt.jpg",
    "geometries": {"box": {"objects_to_annotate": ["parcel"]}}
}' | call /v1/task/imageannotation --request POST --header "$json" --upload-file -

echo 'road,3' | call /v1/files/upload --form 'file=@-;filename=labels.csv' --form project_name=parcels
call "/v1/tasks?project=parcels&status=completed"
