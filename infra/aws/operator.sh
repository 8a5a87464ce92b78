#!/usr/bin/env bash
# Runs a command of the server once, beside the services and with their configuration, and shows what it says:
#   infra/aws/operator.sh init
#   STACK=photos infra/aws/operator.sh doctor
# Its log is removed once it was read: init shows a key. Ends with the exit code of the command.
set -euo pipefail
STACK=${STACK:-calotype}
[ $# -gt 0 ] || { echo "Say what to run: init, doctor" >&2; exit 64; }

output() {
  aws cloudformation describe-stacks --stack-name "$STACK" --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue" --output text
}

words=$(printf ',"%s"' "$@")
cluster=$(output Cluster)
task=$(aws ecs run-task --cluster "$cluster" --task-definition "$(output OperatorTask)" --launch-type FARGATE \
  --network-configuration "awsvpcConfiguration={subnets=[$(output TaskSubnets)],securityGroups=[$(output TaskSecurityGroup)],assignPublicIp=$(output TaskPublicAddress)}" \
  --overrides "{\"containerOverrides\":[{\"name\":\"server\",\"command\":[\"node\",\"apps/server/src/main.ts\"$words]}]}" \
  --query 'tasks[0].taskArn' --output text)
aws ecs wait tasks-stopped --cluster "$cluster" --tasks "$task"

group="/calotype/$STACK/operator"
stream="operator/server/${task##*/}"
aws logs get-log-events --log-group-name "$group" --log-stream-name "$stream" --start-from-head --query 'events[].message' --output text | tr '\t' '\n'
aws logs delete-log-stream --log-group-name "$group" --log-stream-name "$stream"
code=$(aws ecs describe-tasks --cluster "$cluster" --tasks "$task" --query 'tasks[0].containers[0].exitCode' --output text)
[ "$code" = 0 ]
